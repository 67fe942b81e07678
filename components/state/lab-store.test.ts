import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Server } from 'socket.io';
import type { Changes, PageEvents, ServerEvents, Show } from '../../server/contract/stream.ts';
import { EntityLog } from '../../server/stream/entity-log.ts';
import { rounded } from '../../server/stream/rounded.ts';
import { toRuns } from '../../server/stream/columns.ts';
import type { ConnectionState } from './connection.ts';
import { pointsOf } from './fold.ts';
import { LabStore } from './lab-store.ts';
import { liveSource } from './live-source.ts';
import type { Sink, Source } from './source.ts';

type Members = Show['members'];
const members: Members = ['topology', 'load', 'ledger', 'faults'];

/** A source that says what the test says. */
function told(): { source: Source; say: (changes: Partial<Changes>) => void; shown: Show[] } {
  let sink: Sink;
  const shown: Show[] = [];
  const source: Source = {
    open(given, ask) {
      sink = given;
      shown.push(ask());
      return { show: (show) => shown.push(show), close: () => undefined };
    },
  };
  return { source, shown, say: (changes) => sink.changes({ time: 1000, number: 1, ...changes }) };
}

const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 5000, noNaN: true }));
const named = (key: string) =>
  fc.record({
    [key]: fc.constantFrom('a', 'b>c', '__proto__', 'd/e'),
    rate: number,
    pods: fc.array(fc.record({ name: fc.string() })),
  });
const list = (key: string) => fc.uniqueArray(named(key), { selector: (item) => item[key], maxLength: 4 });
const state = fc.record({
  topology: fc.record({ services: list('name'), edges: list('id'), problem: fc.option(fc.string()) }),
  load: fc.record({ rate: number }),
  ledger: fc.option(fc.record({ accepted: number, note: fc.option(fc.constant('late'), { nil: undefined }) })),
  faults: list('id'),
});

test('whatever the states, and whatever the pace of a page, it ends with the last state', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(state, fc.boolean()), { minLength: 1 }), (states) => {
      const log = new EntityLog();
      const { source, say } = told();
      const store = new LabStore(source);
      store.open();
      let told_ = 0;
      const tell = () => {
        say(JSON.parse(JSON.stringify({ whole: told_ === 0, ...log.since(told_, members) })) as Changes);
        told_ = log.number;
      };
      for (const [each, reads] of states) {
        log.update(each);
        if (reads) tell();
      }
      tell();
      assert.deepEqual(
        { ...store.system.get() },
        JSON.parse(JSON.stringify({ ...rounded(states.at(-1)![0]), time: 1000 })),
      );
    }),
  );
});

test('columns give the points back, with three digits that count', () => {
  const value = fc.option(fc.integer({ min: 0, max: 999 }), { nil: null });
  const point = fc.record({
    count: fc.nat(99),
    errors: fc.nat(3),
    p50: value,
    p95: value,
    p99: value,
    inFlight: value,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(point, fc.integer({ min: 1, max: 3 }))), (steps) => {
      let t = 1_800_000_000;
      const points = steps.map(([each, later]) => ({ t: (t += later), ...each }));
      assert.deepEqual(toRuns(points).flatMap(pointsOf), points);
    }),
  );
});

test('a service that did not change keeps its reference when another did', () => {
  const { source, say } = told();
  const store = new LabStore(source);
  store.open();
  say({
    whole: true,
    lists: { 'topology.services': ['bank', 'orders'], 'topology.edges': [] },
    set: {
      'topology.services/bank': { name: 'bank', rate: 1 },
      'topology.services/orders': { name: 'orders', rate: 2 },
    },
  });
  const [bank, orders] = store.system.get()!.topology!.services;
  say({ merge: { 'topology.services/orders': { rate: 9 } } });
  const after = store.system.get()!.topology!.services;
  assert.equal(after[0], bank);
  assert.deepEqual(after[1], { ...orders, rate: 9 });
});

test('the source is asked for what the parts of the page show together, and what is shown no more is forgotten', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, say, shown } = told();
  const store = new LabStore(source);
  const ends = [store.show({ members: ['load'] }), store.show({ members: ['load', 'ledger'], series: ['customer'] })];
  store.open();
  context.mock.timers.tick(1);
  assert.deepEqual(shown, [{ members: ['ledger', 'load'], series: ['customer'] }]);
  say({ whole: true, set: { load: { rate: 1 }, ledger: null } });
  ends[1]!();
  context.mock.timers.tick(1);
  assert.deepEqual(shown.at(-1), { members: ['load'], series: [] });
  assert.deepEqual(store.system.get(), { time: 1000, load: { rate: 1 } });
});

test('signals are published once a second, with all that came in that second', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, say } = told();
  const store = new LabStore(source);
  store.open();
  say({ whole: true, series: { bank: [{ t0: 1, count: [5] }] } });
  for (const t0 of [2, 3]) say({ series: { bank: [{ t0, count: [5] }] } });
  assert.equal(store.signals.get()['bank']?.length, 1);
  context.mock.timers.tick(1000);
  assert.equal(store.signals.get()['bank']?.length, 3);
});

const servers: Server<PageEvents, ServerEvents>[] = [];
let urls: string[];
before(async () => {
  urls = await Promise.all(
    [10, 20].map(async (rate) => {
      const http = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => http.once('listening', resolve));
      const server = new Server<PageEvents, ServerEvents>(http);
      servers.push(server);
      server.on('connection', (page) =>
        page.emit('changes', { time: 0, number: 1, whole: true, set: { load: { rate } } }),
      );
      return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    }),
  );
});
after(() => Promise.all(servers.map((server) => server.close())));

/** Resolves once the store's connection is in that state. */
function becomes({ connection }: LabStore, wanted: ConnectionState): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = connection.subscribe(() => connection.get() === wanted && resolve());
  return promise.finally(stop);
}

test('two live stores beside each other each show their own system', { timeout: 30_000 }, async (context) => {
  const stores = urls.map((url) => new LabStore(liveSource(url)));
  const live = Promise.all(stores.map((store) => becomes(store, 'live')));
  for (const store of stores) context.after(store.open());
  await live;
  assert.deepEqual(
    stores.map((store) => store.system.get()?.load?.rate),
    [10, 20],
  );
  const lost = becomes(stores[0]!, 'lost');
  servers[0]!.disconnectSockets(true);
  await lost;
  assert.equal(stores[1]!.connection.get(), 'live');
  // A server that says goodbye is found again by itself.
  await becomes(stores[0]!, 'live');
});
