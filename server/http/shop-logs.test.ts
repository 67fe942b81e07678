import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startAgent } from '../../cluster/shop/services/log-agent/testing/running-agent.ts';
import { buildTelemetry } from '../../cluster/shop/telemetry/build.ts';
import { eventually } from '../../cluster/shop/testing/eventually.ts';
import { startShop, type RunningShop } from '../../cluster/shop/testing/running-shop.ts';
import type { LogRecord } from '../contract/logs.ts';
import type { SpanView } from '../contract/traces.ts';
import { startApi } from './testing/api-server.ts';

let api: Awaited<ReturnType<typeof startApi>>;
let shop: RunningShop;
let folder: string;
/** Services with an agent beside them. */
const logging = ['gateway', 'orders', 'payments'] as const;
const logFolder = (service: string) => join(folder, service);
const logEnvironment = (service: string) => ({ LOG_FOLDER: logFolder(service), LOG_DELIVERY: 'buffered' });
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-logs-'));
  api = await startApi({ clock: Date.now });
  const endpoint = `http://127.0.0.1:${api.port}`;
  for (const service of logging) await mkdir(logFolder(service));
  shop = await startShop({
    environment: Object.fromEntries(logging.map((service) => [service, logEnvironment(service)])),
    only: ['gateway', 'auth', 'users', 'catalog', 'orders', 'inventory', 'payments', 'bank'],
    telemetry: { endpoint, preload: await buildTelemetry(join(folder, 'telemetry.cjs')) },
  });
});
after(async () => {
  await shop?.stop();
  await api.close();
  await rm(folder, { recursive: true });
});

test('what the services log about a failed order is found by its trace, beside its spans, and by service and pod', async (t) => {
  const scope = 'default';
  for (const service of logging) {
    await startAgent(t, `http://127.0.0.1:${api.port}`, {
      ...{ ...logEnvironment(service), LOG_SOURCE: 'pod', POD_NAMESPACE: scope, POD_NAME: `${service}-1` },
    });
  }
  const get = async (path: string) => (await api.json('GET', `${path}&scope=${scope}`)).body;
  await shop.bankBehaves({ behaviour: 'failing', parameters: { percent: 100 } });
  const answer = await shop.order(await shop.login());
  assert.equal(answer.status, 502);

  const failed = await eventually('the record', async () => {
    const { logs } = (await get('/api/logs?pod=orders-1&severity=13&text=order+failed')) as { logs: LogRecord[] };
    return logs.find(({ attributes }) => attributes['failure'] === 'payment-failed');
  });
  assert.deepEqual([failed.service, failed.pod], ['orders', 'orders-1']);
  const [logs, tree] = await eventually('what all services say of it', async () => {
    const { logs } = (await get(`/api/logs?trace=${failed.traceId}`)) as { logs: LogRecord[] };
    const { tree } = (await get(`/api/traces/${failed.traceId}?`)) as { tree?: SpanView[] };
    const speakers = new Set(logs.map(({ service }) => service));
    const served = tree?.filter(({ kind }) => kind === 'server') ?? [];
    return tree && speakers.size === 3 && served.length === 5 ? ([logs, tree] as const) : undefined;
  });
  assert.deepEqual([...new Set(logs.map(({ service }) => service))].sort(), [...logging]);
  for (const { service, spanId } of logs) {
    assert.equal(
      tree.find((span) => span.spanId === spanId)?.service,
      service,
      'each belongs to a span of its service',
    );
  }
});
