import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LogRecord } from '../../contract/logs.ts';
import type { Metric } from '../../contract/metrics.ts';
import type { SignalSeries } from '../../contract/signals.ts';
import type { Topology } from '../../contract/topology.ts';
import type { SpanView, Trace, TraceSummary } from '../../contract/traces.ts';
import type { Program } from './sdk.ts';

/** Orders that the programs place; one of them fails. */
const ORDERS = 10;
const EDGES: Record<string, [protocol: string, count: number, errors: number]> = {
  'script>web': ['http', ORDERS, 1],
  'web>sales': ['http', ORDERS, 1],
  'sales>db': ['sql', ORDERS, 1],
  'sales>broker': ['messaging', ORDERS - 1, 0],
  'broker>shipping': ['messaging', ORDERS - 1, 0],
};
const ROLES = {
  script: 'service',
  web: 'service',
  sales: 'service',
  db: 'database',
  broker: 'broker',
  shipping: 'service',
};

/** Sends nothing but `GET`s: the answer's body. */
type Get = <T>(path: string) => Promise<T>;

/** What a lab answers about one scope. */
interface Lab {
  get: Get;
  scope: string;
}

/**
 * Runs a program against a lab and asks its API for what is drawn of it: the topology, the series and the traces, and what
 * the program logged and measured.
 *
 * @param url of the lab
 * @param scope by which the lab knows the program: nobody else sends under that name
 * @throws AssertionError
 */
export async function prove(program: Program, url: string, scope: string): Promise<void> {
  const get: Get = async <T>(path: string) => (await fetch(`${url}${path}`)).json() as Promise<T>;
  const lab = { get, scope };
  await promisify(execFile)(program.file, program.args, {
    env: {
      ...withoutOtel(process.env),
      NO_PROXY: '127.0.0.1',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${scope}`,
    },
    timeout: 60_000,
  });
  await proveSeries(lab);
  await proveTopology(lab);
  await proveTraces(lab);
}

/** What the user has set for other programs must not reach this one. */
function withoutOtel(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...environment };
  for (const name in rest) if (name.startsWith('OTEL_')) delete rest[name];
  return rest;
}

async function proveTopology({ get, scope }: Lab): Promise<void> {
  const { services, edges, problem } = await get<Topology>(`/api/topology?scope=${scope}`);
  assert.deepEqual(Object.fromEntries(services.map(({ name, role }) => [name, role])), ROLES);
  const expected = Object.entries(EDGES).map(([id, [protocol]]) => [id, protocol]);
  assert.deepEqual(Object.fromEntries(edges.map(({ id, protocol }) => [id, protocol])), Object.fromEntries(expected));
  assert.equal(problem, null);
}

/** A second is shown once all have surely reported it. */
async function proveSeries({ get, scope }: Lab): Promise<void> {
  const expected: Record<string, [count: number, errors: number]> = { web: [ORDERS, 1], sales: [ORDERS, 1] };
  for (const [id, [, count, errors]] of Object.entries(EDGES)) expected[id] = [count, errors];
  const ids = Object.keys(expected).map((id) => `id=${encodeURIComponent(id)}`);
  const counted = async () => {
    const { series } = await get<{ series: SignalSeries[] }>(`/api/signals?${ids.join('&')}&scope=${scope}`);
    const sum = ({ points }: SignalSeries, what: 'count' | 'errors') =>
      points.reduce((all, point) => all + point[what], 0);
    return Object.fromEntries(series.map((each) => [each.id, [sum(each, 'count'), sum(each, 'errors')]]));
  };
  let last = await counted();
  for (const end = Date.now() + 5000; (last['web']?.[0] ?? 0) < ORDERS && Date.now() < end; last = await counted())
    await delay(100);
  assert.deepEqual(last, expected);
}

async function proveTraces({ get, scope }: Lab): Promise<void> {
  const list = async (query: string) =>
    (await get<{ traces: TraceSummary[] }>(`/api/traces?scope=${scope}&${query}`)).traces;
  const open = (id: string) => get<Trace>(`/api/traces/${id}?scope=${scope}`);

  const failed = await list('error=true');
  assert.equal(failed.length, 1);
  const insert = (await open(failed[0]!.traceId)).tree.find(
    ({ kind, service }) => kind === 'client' && service === 'sales',
  );
  assert.equal(insert?.message, 'the table is locked');
  assert.deepEqual(
    insert.events.map(({ name }) => name),
    ['exception'],
  );

  const good = await list('service=web&error=false');
  assert.equal(good.length, ORDERS - 1);
  const { tree, name } = await open(good[0]!.traceId);
  assert.equal(name, 'POST /checkout');
  assert.deepEqual(tree.map(describe), [
    'script client',
    'web server POST /checkout',
    'web client',
    'sales server POST /orders',
    'sales client INSERT orders',
    'sales producer send placed',
  ]);
  assert.ok(tree.every(({ parentId }, i) => i === 0 || i === 5 || parentId === tree[i - 1]!.spanId));
  const { attributes } = tree[3]!;
  assert.deepEqual(
    ['order.total', 'order.express', 'order.tags', 'http.response.status_code'].map((key) => attributes[key]),
    [12.5, true, '["new","gift"]', 201],
  );

  const shipped = await Promise.all((await list('service=shipping')).map(({ traceId }) => open(traceId)));
  const senders = await Promise.all(good.map(({ traceId }) => open(traceId)));
  const sent = senders.map(({ traceId, tree: spans }) => ({
    traceId,
    spanId: spans.find(({ kind }) => kind === 'producer')!.spanId,
  }));
  const links = shipped.flatMap(({ tree: [span] }) => span!.links);
  const byTrace = (a: { traceId: string }, b: { traceId: string }) => a.traceId.localeCompare(b.traceId);
  assert.deepEqual(links.sort(byTrace), sent.sort(byTrace));
}

/** What only Python's program sends: logs and a metric of the service `sales`. @throws AssertionError */
export async function proveLogsAndMetrics(url: string, scope: string): Promise<void> {
  const get: Get = async <T>(path: string) => (await fetch(`${url}${path}`)).json() as Promise<T>;
  const { logs } = await get<{ logs: LogRecord[] }>(`/api/logs?scope=${scope}&service=sales`);
  assert.equal(logs.length, ORDERS);
  const failed = logs.filter(({ severity }) => severity >= 17);
  assert.deepEqual(
    failed.map(({ body }) => body),
    ['order 2 failed'],
  );
  const { tree } = await get<Trace>(`/api/traces/${failed[0]!.traceId}?scope=${scope}`);
  assert.equal(tree.find(({ spanId }) => spanId === failed[0]!.spanId)?.name, 'POST /orders');
  const ofTrace = await get<{ logs: LogRecord[] }>(`/api/logs?scope=${scope}&trace=${failed[0]!.traceId}`);
  assert.deepEqual(ofTrace.logs, failed);

  const { metrics } = await get<{ metrics: Metric[] }>(`/api/metrics?scope=${scope}&name=orders.placed`);
  const [placed] = metrics;
  assert.ok(placed);
  assert.deepEqual([placed.service, placed.kind, placed.attributes], ['sales', 'sum', { 'order.express': true }]);
  assert.equal(placed.points.at(-1)?.value, ORDERS - 1);
}

/** Client spans of HTTP are called by their method alone in one SDK, by more in another. */
function describe({ service, kind, name }: SpanView): string {
  return name.includes(' ') ? `${service} ${kind} ${name}` : `${service} ${kind}`;
}
