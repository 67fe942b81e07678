import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Frame } from '../contract/frame.ts';
import { changesSchema, refusalSchema } from '../contract/stream.ts';
import type { Changes, PageEvents, ServerEvents, Show } from '../contract/stream.ts';
import type { LabRun } from '../contract/lab.ts';
import type { ServiceView } from '../contract/topology.ts';
import type { Faults } from '../faults/faults.ts';
import { shopTelemetry } from '../telemetry/testing/shop-telemetry.ts';
import { AccessCode } from '../http/door/access-code.ts';
import { Door } from '../http/door/door.ts';
import { Stream } from './stream.ts';

type Page = Socket<ServerEvents, PageEvents>;
type Members = Omit<Frame, 'time' | 'signals' | 'lab'>;

let http: Server;
let stream: Stream;
let url: string;
let members: Members;
let asked = 0;
let patience: number | undefined;
const pages: Page[] = [];
const runs = new Map<string, LabRun>();

beforeEach(async () => {
  asked = 0;
  patience = undefined;
  members = {
    cluster: { name: 'embedded', connected: true, nodes: [], pods: 0, problem: null },
    topology: { services: [], edges: [], problem: null },
    customer: { rate: 0, errorRatio: null, p50: null, p95: null, p99: null, open: null, oldestMs: null, reason: null },
    marks: [],
    faults: [] as ReturnType<Faults['list']>,
    faultsBlocked: false,
    patterns: [],
    desiredProblem: null,
    drifts: [],
    lastChange: null,
    ledger: null,
    load: { rate: 10, max: 500, sent: 10, dropped: 0 },
  };
  await serve(0);
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.disconnect();
  await stop();
});

async function serve(port: number): Promise<void> {
  http = createServer();
  stream = new Stream({
    http,
    door: new Door({ hosts: ['lab.example'], namespaces: [], code: new AccessCode('k7f3-9qmx-2bdt') }),
    members: () => {
      asked += 1;
      return members;
    },
    personal: (participant) => ({ lab: runs.get(participant) ?? null }),
    patience,
    telemetry: shopTelemetry(),
    onProblem: (error) => {
      throw error;
    },
  });
  await once(http.listen(port, '127.0.0.1'), 'listening');
}

/** In good order, as main.ts does it. */
async function stop(): Promise<void> {
  stream.close();
  const closed = once(http, 'close');
  http.close();
  http.closeIdleConnections();
  await closed;
}

const all: Show = {
  members: ['load', 'faultsBlocked', 'topology', 'lastChange', 'ledger', 'lab'],
  series: [],
};

/** A page that takes in what it is told, unless `reads` is false. */
function open(options: object = {}, { show = all as unknown, reads = true } = {}): Page {
  const page: Page = io(url, { transports: ['websocket'], reconnection: false, auth: { show }, ...options });
  page.on('changes', (changes) => changesSchema.parse(changes));
  page.on('refused', (refusal) => refusalSchema.parse(refusal));
  if (reads) page.on('changes', ({ number }) => page.emit('seen', number));
  pages.push(page);
  return page;
}

const next = <K extends keyof ServerEvents>(page: Page, event: K) =>
  new Promise<Parameters<ServerEvents[K]>[0]>((resolve) => {
    (page.once as (event: string, listener: (value: never) => void) => void)(event, resolve as never);
  });

/** The first message from now on that says this. */
async function nextWith(page: Page, says: (changes: Changes) => unknown): Promise<Changes> {
  for (;;) {
    const changes = await next(page, 'changes');
    if (says(changes)) return changes;
  }
}

const service = (name: string, rate: number) =>
  ({ name, role: 'service', health: 'ok', reason: null, rate, p95: 12, pods: [] }) as unknown as ServiceView;

test('a page gets what it shows first, then the fields that changed', async () => {
  members.topology = { services: [service('orders', 10), service('bank', 5)], edges: [], problem: null };
  const page = open({}, { show: { members: ['topology', 'load'], series: [] } });
  const first = await next(page, 'changes');
  assert.equal(first.whole, true);
  assert.deepEqual(first.lists, { 'topology.services': ['orders', 'bank'], 'topology.edges': [] });
  assert.deepEqual(Object.keys(first.set!).sort(), [
    'load',
    'topology.problem',
    'topology.services/bank',
    'topology.services/orders',
  ]);
  members.topology = { services: [service('orders', 10), service('bank', 6.12345)], edges: [], problem: null };
  const { number, time, ...then } = await next(page, 'changes');
  assert.ok(number > first.number && time >= first.time);
  assert.deepEqual(then, { merge: { 'topology.services/bank': { rate: 6.12 } } });
});

test('a page is told of what others changed in the cluster, each drift once', async () => {
  const drift = (id: string) => ({ id, object: 'Service/bank', fields: ['spec.selector.app'], by: 'ada', at: 7 });
  members.drifts = [drift('drift-1')];
  const page = open({}, { show: { members: ['drifts'], series: [] } });
  assert.deepEqual((await next(page, 'changes')).set, { 'drifts/drift-1': drift('drift-1') });
  members.drifts = [drift('drift-2'), drift('drift-1')];
  const { lists, set } = await next(page, 'changes');
  assert.deepEqual([lists, set], [{ drifts: ['drift-2', 'drift-1'] }, { 'drifts/drift-2': drift('drift-2') }]);
});

test('a page is told that an entity has gone', async () => {
  members.topology = { services: [service('orders', 10), service('bank', 5)], edges: [], problem: null };
  const page = open();
  await next(page, 'changes');
  members.topology = { services: [service('orders', 10)], edges: [], problem: null };
  assert.deepEqual((await next(page, 'changes')).lists, { 'topology.services': ['orders'] });
});

test('what a page begins to show comes whole, and what it shows no more comes no more', async () => {
  const page = open({}, { show: { members: ['load'], series: [] } });
  await next(page, 'changes');
  page.emit('show', { members: ['faultsBlocked'], series: [] });
  assert.deepEqual((await next(page, 'changes')).set, { faultsBlocked: false });
  members = { ...members, faultsBlocked: true, load: { ...members.load, rate: 60 } };
  const { set, merge } = await next(page, 'changes');
  assert.deepEqual([set, merge], [{ faultsBlocked: true }, undefined]);
});

test('a page that changes its mind all the time is answered once at once, then with the next round', async () => {
  const page = open();
  const { number } = await next(page, 'changes');
  const heard: string[][] = [];
  page.on('changes', ({ set }) => heard.push(Object.keys(set ?? {})));
  const seen = asked;
  for (const member of ['load', 'faultsBlocked', 'ledger', 'load', 'topology'] as const) {
    page.emit('show', { members: [], series: [] });
    page.emit('show', { members: [member], series: [] });
    page.emit('seen', number);
    const told = heard.length;
    for (let turn = 0; turn < 20 && heard.length === told; turn++) await setImmediate();
  }
  while (asked < seen + 2) await setImmediate();
  assert.ok(heard.length <= 1 + 2, `told ${heard.length} times in two rounds`);
  assert.ok(heard.flat().includes('topology.problem'), 'and of what it wants in the end');
});

test('a page that takes its time gets the next message when it has taken in the one before, merged', async () => {
  const page = open({}, { reads: false });
  const first = await next(page, 'changes');
  const heard: Changes[] = [];
  page.on('changes', (changes) => heard.push(changes));
  for (const rate of [20, 30, 40]) {
    members = { ...members, load: { ...members.load, rate } };
    const seen = asked;
    while (asked === seen) await setImmediate();
  }
  assert.deepEqual(heard, []);
  page.emit('seen', first.number);
  const { merge } = await next(page, 'changes');
  assert.deepEqual(merge, { load: { rate: 40 } });
});

test('a page that takes nothing in is cut off', async () => {
  await stop();
  patience = 300;
  await serve(Number(new URL(url).port));
  const page = open({}, { reads: false });
  assert.equal(await new Promise((resolve) => page.once('disconnect', resolve)), 'transport close');
});

test('what a page says to have read is not believed while its connection still holds it', async () => {
  const large = 4_000_000; // more than the system takes for a connection
  members.desiredProblem = 'x'.repeat(large);
  const show = { members: ['desiredProblem'], series: [] };
  const reader = open({}, { show });
  const first = await next(reader, 'changes');
  const unread = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await once(unread, 'open');
  unread.pause();
  unread.send(`40${JSON.stringify({ show })}`);
  for (let turn = 0; turn < 6; turn++) {
    members = { ...members, desiredProblem: String(turn).repeat(large) };
    const { number } = await next(reader, 'changes');
    for (let guess = first.number; guess <= number; guess++) unread.send(`42${JSON.stringify(['seen', guess])}`);
  }
  const told: string[] = [];
  const last = new Promise<void>((resolve) =>
    unread.on('message', (data) => {
      const problem = /"desiredProblem":"(.)/.exec(String(data))?.[1];
      if (problem) told.push(problem);
      if (problem === '5') resolve();
    }),
  );
  unread.resume();
  await last;
  assert.equal(told.length, 2, `told of ${told.join(', ')}: what it missed is merged`);
  unread.terminate();
});

test('a message that is wrong is answered with what is wrong, and changes nothing', async () => {
  const page = open();
  await next(page, 'changes');
  const wrong = page as unknown as { emit: (event: string, value?: unknown) => void };
  for (const [event, value] of [
    ['show', { members: ['everything'], series: [] }],
    ['show', { members: [], series: Array.from({ length: 33 }, String) }],
    ['seen', 'yes'],
    ['explode', 1],
  ] as const) {
    const refused = next(page, 'refused');
    wrong.emit(event, value);
    assert.equal((await refused).code, 'bad-message');
  }
  members = { ...members, faultsBlocked: true };
  assert.deepEqual((await next(page, 'changes')).set, { faultsBlocked: true });
});

test('one that sends what is too large, or too much, is cut off, and the others stay', async () => {
  const other = open();
  await next(other, 'changes');
  for (const send of [
    (page: Page) => page.emit('show', { members: [], series: ['x'.repeat(20_000)] }),
    (page: Page) => Array.from({ length: 100 }, () => page.emit('seen', 1)),
  ]) {
    const page = open();
    await next(page, 'changes');
    const cut = new Promise((resolve) => page.once('disconnect', resolve));
    send(page);
    await cut;
  }
  assert.equal(other.connected, true);
});

test('the run of a lab goes to the pages of its participant, and to no other', async () => {
  const [ada, bob] = ['ada-ada-ada-ada-ada-ad', 'bob-bob-bob-bob-bob-bo'];
  const pageOf = (name: string) => open({ extraHeaders: { cookie: `breakwater-participant=${name}` } });
  const run = (step: number) => ({ lab: '04-circuit-breaker', step }) as LabRun;
  runs.set(ada, run(0)).set(bob, run(3));
  const pages = [pageOf(ada), pageOf(bob), open()];
  const shown = await Promise.all(pages.map((page) => next(page, 'changes')));
  assert.deepEqual(
    shown.map(({ set }) => (set?.['lab'] as LabRun | undefined)?.step),
    [0, 3, undefined],
  );
  const heard: unknown[] = [];
  for (const page of [pages[1]!, pages[2]!])
    page.on('changes', ({ set, merge }) => heard.push(set?.['lab'], merge?.['lab']));
  runs.set(ada, run(1));
  assert.deepEqual((await nextWith(pages[0]!, ({ merge }) => merge)).merge, { lab: { step: 1 } });
  assert.deepEqual(heard.filter(Boolean), []);
  runs.clear();
});

test('a second page gets all it shows, too', async () => {
  await next(open(), 'changes');
  members = { ...members, faultsBlocked: true };
  const page = open();
  const first = await next(page, 'changes');
  const { set } = first.set?.['faultsBlocked'] === true ? first : await next(page, 'changes');
  assert.equal(set?.['faultsBlocked'], true);
});

test('a page comes back to the next server after one that stopped in good order', async () => {
  const page = open({ reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 10 });
  await next(page, 'changes');
  const cut = new Promise((resolve) => page.once('disconnect', resolve));
  await stop();
  assert.equal(await cut, 'transport close');
  members = { ...members, faultsBlocked: true };
  await serve(Number(new URL(url).port));
  const { whole, set } = await next(page, 'changes');
  assert.deepEqual([whole, set?.['faultsBlocked']], [true, true]);
});

test('nothing is computed while no page is connected', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const page = open();
  await next(page, 'changes');
  page.disconnect();
  while (stream.pages > 0) await setImmediate();
  const before = asked;
  t.mock.timers.tick(60_000);
  assert.equal(asked, before);
});

test('foreign pages and foreign names get no socket', async () => {
  for (const headers of [{ origin: 'http://evil.example' }, { host: 'evil.example' }, { host: 'lab.example' }]) {
    const error = await new Promise<Error>((resolve) => open({ extraHeaders: headers }).once('connect_error', resolve));
    assert.match(error.message, /websocket error|403|400/);
  }
});

test('under a name for other machines a socket comes in with the access code, and only with it', async () => {
  const asked = (authorization: string) =>
    new Promise<string>((resolve) => {
      const socket = open({ extraHeaders: { host: 'lab.example', authorization } });
      socket.once('connect', () => resolve('inside'));
      socket.once('connect_error', () => resolve('outside'));
    });
  assert.equal(await asked('Bearer k7f3-9qmx-2bdu'), 'outside');
  assert.equal(await asked('Bearer k7f3-9qmx-2bdt'), 'inside');
});
