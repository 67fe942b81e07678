import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildTelemetry } from '../../telemetry/build.ts';
import { eventually } from '../../testing/eventually.ts';
import { startOtlpSink, type OtlpSink, type ReceivedSpan } from '../../testing/otlp-sink.ts';
import { monolithic, startShop, type RunningShop } from '../../testing/running-shop.ts';
import type { ServiceName } from '../../testing/running-service.ts';

const services: ServiceName[] = ['gateway', 'auth', 'orders', 'inventory', 'payments', 'bank'];
const orders = 100;
/** In USER_HZ of procfs, a hundred a second on Linux whatever the kernel has (proc(5)). */
const tickMs = 10;

interface Measured {
  /** Of one order: what came of it in the telemetry. */
  trace: ReceivedSpan[];
  p50: number;
  /** Of all processes but the bank's, which are the same in both. */
  cpuMsPerOrder: number;
}

const hops = (trace: ReceivedSpan[]) =>
  trace.filter(({ kind, attributes }) => kind === 'client' && attributes['http.request.method']);

describe('one order in services and in a monolith, side by side', () => {
  let folder: string;
  let sink: OtlpSink;
  const shops: Partial<Record<'services' | 'monolith', RunningShop>> = {};
  const measured = {} as Record<'services' | 'monolith', Measured>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'monolith-'));
    sink = await startOtlpSink();
    const telemetry = { endpoint: sink.endpoint, preload: await buildTelemetry(join(folder, 'telemetry.cjs')) };
    shops.services = await startShop({ only: services, telemetry });
    shops.monolith = await startShop({ only: monolithic, telemetry });
    const both = Object.entries(shops) as [keyof typeof measured, RunningShop][];
    const begun = await Promise.all(both.map(async ([, shop]) => ({ token: await shop.login(), ms: [] as number[] })));
    const order = async (at: number) => {
      const [, shop] = both[at]!;
      const since = performance.now();
      const answer = await shop.order(begun[at]!.token);
      await answer.arrayBuffer();
      assert.equal(answer.status, 201);
      return performance.now() - since;
    };
    // By turns, so that whatever else the machine does meets both.
    for (let warm = 0; warm < 30; warm++) for (const at of both.keys()) await order(at);
    const cpuBefore = both.map(([, shop]) => cpuMs(shop));
    for (let turn = 0; turn < orders; turn++) for (const at of both.keys()) begun[at]!.ms.push(await order(at));
    const cpuAfter = both.map(([, shop]) => cpuMs(shop));
    for (const [at, [name]] of both.entries()) {
      const door = name === 'services' ? 'gateway' : 'shop-monolith';
      measured[name] = {
        trace: await wholeTrace(door),
        p50: begun[at]!.ms.toSorted((a, b) => a - b)[orders / 2]!,
        cpuMsPerOrder: (cpuAfter[at]! - cpuBefore[at]!) / orders,
      };
    }
  });
  after(async () => {
    await Promise.all(Object.values(shops).map((shop) => shop.stop()));
    sink?.close();
    await rm(folder, { recursive: true });
  });

  const cpuMs = (shop: RunningShop) =>
    Object.entries(shop.services)
      .filter(([name]) => name !== 'bank')
      .map(([, { process }]) => {
        const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
        const [user, system] = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .slice(11, 13);
        return (Number(user) + Number(system)) * tickMs;
      })
      .reduce((sum, ms) => sum + ms, 0);

  /** The latest order of a shop of which all processes have told: every span but the outermost has its parent, every call its answer. */
  const wholeTrace = (door: string) =>
    eventually(`a whole trace from ${door}`, () => {
      const doors = sink.spans.filter((span) => span.service === door && span.name === 'POST /api/orders');
      const traces = doors.map(({ traceId }) => sink.spans.filter((span) => span.traceId === traceId));
      return traces.findLast((trace) => {
        const ids = new Set(trace.map(({ spanId }) => spanId));
        const answered = new Set(trace.flatMap(({ kind, parentSpanId }) => (kind === 'server' ? parentSpanId : [])));
        return (
          trace.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId)) &&
          hops(trace).every(({ spanId }) => answered.has(spanId))
        );
      });
    });
  it('takes one hop in place of four: the one to the bank', () => {
    const [apart, one] = [hops(measured.services.trace), hops(measured.monolith.trace)];
    assert.deepEqual([apart.length, one.length], [4, 1]);
    assert.equal(one[0]!.service, 'shop-monolith');
  });

  it('goes through the same modules and asks the databases the same, in one trace', () => {
    const [apart, one] = [measured.services.trace, measured.monolith.trace];
    const within = one.filter(({ service, kind }) => service === 'shop-monolith' && kind === 'internal');
    assert.deepEqual(
      within.flatMap(({ name }) => (name.startsWith('POST ') ? name : [])).sort(),
      apart
        .flatMap(({ service, kind, name }) => (kind === 'server' && !['gateway', 'bank'].includes(service) ? name : []))
        .sort(),
    );
    const queries = (trace: ReceivedSpan[]) =>
      trace
        .flatMap(({ attributes, name }) => ((attributes['db.query.text'] ?? attributes['db.statement']) ? name : []))
        .sort();
    assert.ok(queries(one).length > 0);
    assert.deepEqual(queries(one), queries(apart));
  });

  it(
    'is answered sooner, and costs less of the processor',
    { skip: process.platform !== 'linux' && 'it reads procfs' },
    (t) => {
      const [apart, one] = [measured.services, measured.monolith];
      const ratios = { p50: one.p50 / apart.p50, cpu: one.cpuMsPerOrder / apart.cpuMsPerOrder };
      const said = (name: string, { p50, cpuMsPerOrder, trace }: Measured) =>
        `${name}: p50 ${p50.toFixed(1)} ms, CPU ${cpuMsPerOrder.toFixed(2)} ms an order, ${trace.length} spans`;
      t.diagnostic(`${said('services', apart)}; ${said('monolith', one)}; ${JSON.stringify(ratios)}`);
      assert.ok(ratios.cpu < 0.75, `the monolith takes ${ratios.cpu.toFixed(2)} of the CPU`);
      assert.ok(ratios.p50 < 1, `the monolith takes ${ratios.p50.toFixed(2)} of the time`);
    },
  );
});
