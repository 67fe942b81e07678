import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PodState, PodView, Traffic } from '../contract/topology.ts';
import { assess } from './health.ts';
import { aSpan } from './testing/span-fixture.ts';
import { shopTelemetry } from './testing/shop-telemetry.ts';
import { buildTopology, departures } from './topology.ts';

const START = 1_800_000_000_000;
const pod = (state: PodState): PodView => ({ name: 'p', node: null, state, status: '', restarts: 0, createdAt: START });

describe('topology', () => {
  test('joins pods and traffic; load counts what it asks, a database what is asked of it', () => {
    const time = { now: START };
    const telemetry = shopTelemetry({ clock: () => time.now });
    const call = (service: string, address: string, extra = {}) =>
      aSpan({ end: START, kind: 'client', service, attributes: { 'server.address': address, ...extra } });
    telemetry.ingestTraces([
      call('loadgen', 'gateway'),
      aSpan({ end: START }),
      call('orders', 'postgres', { 'db.system.name': 'postgresql' }),
      call('users', 'postgres', { 'db.system.name': 'postgresql' }),
      call('orders', 'example.com'),
      aSpan({ end: START, service: 'mine' }),
    ]);
    time.now += 1500;
    const { services, edges } = buildTopology(
      [
        { service: 'loadgen', role: 'load', pods: [pod('ready')] },
        { service: 'gateway', role: 'service', pods: [pod('ready')] },
        { service: 'orders', role: 'service', pods: [pod('ready')] },
        { service: 'users', role: 'service', pods: [pod('ready')] },
        { service: 'postgres', role: 'database', pods: [pod('ready')] },
      ],
      telemetry,
    );
    const rate = (name: string) => Math.round(services.find((service) => service.name === name)!.rate * 3);
    assert.deepEqual([rate('loadgen'), rate('gateway'), rate('postgres'), rate('orders')], [1, 1, 2, 0]);
    assert.deepEqual(edges.map((edge) => edge.id).sort(), ['loadgen>gateway', 'orders>postgres', 'users>postgres']);
    assert.equal(edges.find((edge) => edge.id === 'orders>postgres')?.protocol, 'sql');
    assert.deepEqual(services.find((service) => service.name === 'mine')?.pods, [], 'a stranger is shown without pods');
  });

  test('leaves out what the cluster had and has no more, with the calls to it, and shows it again when it is back', () => {
    const time = { now: START };
    const telemetry = shopTelemetry({ clock: () => time.now });
    const attributes = { 'server.address': 'gateway' };
    telemetry.ingestTraces([
      aSpan({ end: START, kind: 'client', service: 'loadgen', attributes }),
      aSpan({ end: START }),
    ]);
    time.now += 1500;
    const known = ['loadgen', 'gateway'].map((service) => ({ service, role: 'service' as const, pods: [] }));
    const haveLeft = departures();
    const shown = (services: typeof known) => {
      const { services: nodes, edges } = buildTopology(services, telemetry, haveLeft(services));
      return [...nodes.map(({ name }) => name), ...edges.map(({ id }) => id)];
    };
    assert.deepEqual(shown(known), ['loadgen', 'gateway', 'loadgen>gateway']);
    assert.deepEqual(shown(known.slice(0, 1)), ['loadgen']);
    assert.deepEqual(shown(known), ['loadgen', 'gateway', 'loadgen>gateway']);
  });

  test('has the pools that a service reports', () => {
    const telemetry = shopTelemetry({ clock: () => START });
    const attributes = { 'pool.name': 'workers' };
    const point = (name: string, value: number) =>
      ({ ...{ name, value, attributes, service: 'orders', pod: 'orders-1' }, since: START, at: START }) as const;
    telemetry.ingestMetrics([point('pool.size', 32), point('pool.used', 32), point('pool.waiting', 7)]);
    const known = ['orders', 'bank'].map((service) => ({ service, role: 'service' as const, pods: [] }));
    assert.deepEqual(
      buildTopology(known, telemetry).services.map(({ pools }) => pools),
      [[{ name: 'workers', size: 32, used: 32, waiting: 7 }], []],
    );
  });
});

describe('a topology with more than is told apart', () => {
  function topologyOf(spans: ReturnType<typeof aSpan>[]) {
    const time = { now: START };
    const telemetry = shopTelemetry({ clock: () => time.now });
    telemetry.ingestTraces(spans);
    time.now += 1500;
    return { ...buildTopology([], telemetry), later: () => ((time.now += 901_000), buildTopology([], telemetry)) };
  }
  const served = (service: string) => aSpan({ end: START, service });
  const called = (service: string, address: string) =>
    aSpan({ end: START, kind: 'client', service, attributes: { 'server.address': address } });

  test('says so, for as long as it shows, and draws what is beyond as one service', () => {
    const { services, problem, later } = topologyOf(Array.from({ length: 70 }, (_, i) => served(`s${i}`)));
    assert.equal(services.length, 65);
    const rest = services.find(({ name }) => name === 'other');
    assert.equal(Math.round(rest!.rate * 3), 6);
    assert.equal(problem, 'More than 64 services in 15 minutes: those beyond are counted together as "other".');
    assert.equal(later().problem, null);
  });

  test('keeps the calls that are beyond, though all services are there', () => {
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const calls = names.flatMap((from) => names.map((to) => called(from, to)));
    const { services, edges, problem } = topologyOf([...names.map(served), ...calls]);
    assert.equal(services.length, 21);
    const rest = edges.find(({ id }) => id === 'other>other');
    assert.equal(Math.round(rest!.rate * 3), 400 - 256);
    assert.match(problem!, /^More than 256 calls between them/);
  });

  test('of what is told apart has no problem', () => {
    assert.equal(topologyOf([served('one')]).problem, null);
  });
});

describe('health', () => {
  const nobody = { rate: 0, errorRatio: null, p50: null, p95: null, p99: null };
  const calm: Traffic = { rate: 20, errorRatio: 0.01, p50: 10, p95: 60, p99: 90 };
  const cases: [string, Partial<Traffic>, PodState[], string, string | null][] = [
    ['at rest', {}, ['ready'], 'ok', null],
    ['without traffic', { rate: 0, p95: null }, ['ready'], 'idle', null],
    ['during a rolling update', {}, ['ready', 'starting', 'terminating'], 'ok', null],
    ['with some errors', { errorRatio: 0.12 }, ['ready'], 'warn', '12 % errors'],
    ['with many errors', { errorRatio: 0.6 }, ['ready'], 'bad', '60 % errors'],
    ['slower', { p95: 410 }, ['ready'], 'warn', 'p95 over 0.3 s'],
    ['slow', { p95: 3040 }, ['ready'], 'bad', 'p95 over 1 s'],
    ['with a pod that is not ready', {}, ['ready', 'not-ready'], 'warn', '1 of 2 pods ready'],
    ['with no pod ready', {}, ['starting'], 'bad', 'no pod ready'],
    ['that nobody calls', nobody, ['ready'], 'idle', null],
    ['in a crash loop', {}, ['crash-loop'], 'bad', 'crash loop, no pod ready'],
  ];
  for (const [what, change, states, health, reason] of cases) {
    test(`a service ${what} is ${health}`, () => {
      const none = { inFlight: 0, oldestMs: 0 };
      assert.deepEqual(assess({ ...calm, ...change }, states.map(pod), none), { health, reason });
    });
  }

  test('a service whose requests never end hangs, and is not idle', () => {
    assert.deepEqual(assess(nobody, [pod('ready')], { inFlight: 12, oldestMs: 34_400 }), {
      health: 'bad',
      reason: '12 requests hang, the oldest for 34 s',
    });
    assert.equal(assess(nobody, [pod('ready')], { inFlight: 1, oldestMs: 900 }).reason, null);
  });
});
