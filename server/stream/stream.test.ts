import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Frame, ServerEvents } from '../contract/frame.ts';
import type { LabRun } from '../contract/lab.ts';
import type { Faults } from '../faults/faults.ts';
import { shopTelemetry } from '../telemetry/testing/shop-telemetry.ts';
import { AccessCode } from '../http/door/access-code.ts';
import { Door } from '../http/door/door.ts';
import { Stream } from './stream.ts';

type Members = Omit<Frame, 'time' | 'signals' | 'lab'>;

let http: Server;
let stream: Stream;
let url: string;
let members: Members;
let asked = 0;
const pages: Socket<ServerEvents>[] = [];
const runs = new Map<string, LabRun>();

beforeEach(async () => {
  asked = 0;
  members = {
    cluster: { name: 'embedded', connected: true, nodes: [], pods: 0, problem: null },
    topology: { services: [], edges: [] },
    customer: { rate: 0, errorRatio: null, p50: null, p95: null, p99: null, open: null, oldestMs: null, reason: null },
    marks: [],
    faults: [] as ReturnType<Faults['list']>,
    faultsBlocked: false,
    patterns: [],
    desiredProblem: null,
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
    run: (participant) => runs.get(participant) ?? null,
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

function open(options: object = {}): Socket<ServerEvents> {
  const page: Socket<ServerEvents> = io(url, { transports: ['websocket'], reconnection: false, ...options });
  pages.push(page);
  return page;
}

const next = <K extends keyof ServerEvents>(page: Socket<ServerEvents>, event: K) =>
  new Promise<Parameters<ServerEvents[K]>[0]>((resolve) => {
    (page.once as (event: string, listener: (value: never) => void) => void)(event, resolve as never);
  });

test('a page gets everything first, then only what changed', async () => {
  const page = open();
  const snapshot = await next(page, 'snapshot');
  assert.deepEqual(Object.keys(snapshot).sort(), [...Object.keys(members), 'lab', 'signals', 'time'].sort());
  members = { ...members, load: { ...members.load, rate: 60 } };
  let frame = await next(page, 'frame');
  while (!frame.load) frame = await next(page, 'frame');
  assert.deepEqual(
    Object.keys(frame)
      .filter((name) => name !== 'signals')
      .sort(),
    ['load', 'time'],
  );
  assert.equal(frame.load.rate, 60);
});

test('the run of a lab goes to the pages of its participant, and to no other', async () => {
  const [ada, bob] = ['ada-ada-ada-ada-ada-ad', 'bob-bob-bob-bob-bob-bo'];
  const pageOf = (name: string) => open({ extraHeaders: { cookie: `breakwater-participant=${name}` } });
  const run = (step: number) => ({ lab: '04-circuit-breaker', step }) as LabRun;
  runs.set(ada, run(0)).set(bob, run(3));
  const pages = [pageOf(ada), pageOf(bob), open()];
  const shown = await Promise.all(pages.map((page) => next(page, 'snapshot')));
  assert.deepEqual(
    shown.map(({ lab }) => lab?.step),
    [0, 3, undefined],
  );
  const heard: number[] = [];
  pages[1]!.on('frame', ({ lab }) => lab && heard.push(lab.step));
  const told = new Promise<number>((resolve) => pages[0]!.on('frame', ({ lab }) => lab && resolve(lab.step)));
  runs.set(ada, run(1));
  assert.equal(await told, 1);
  assert.deepEqual(heard, []);
  runs.clear();
});

test('a second page gets its own snapshot', async () => {
  await next(open(), 'snapshot');
  members = { ...members, faultsBlocked: true };
  assert.equal((await next(open(), 'snapshot')).faultsBlocked, true);
});

test('a page comes back to the next server after one that stopped in good order', async () => {
  const page = open({ reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 10 });
  await next(page, 'snapshot');
  const cut = new Promise((resolve) => page.once('disconnect', resolve));
  await stop();
  assert.equal(await cut, 'transport close');
  members = { ...members, faultsBlocked: true };
  await serve(Number(new URL(url).port));
  assert.equal((await next(page, 'snapshot')).faultsBlocked, true);
});

test('nothing is computed while no page is connected', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const page = open();
  await next(page, 'snapshot');
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

test('a page that stops reading gets the latest state afterwards, not what it missed', async () => {
  const bulk = 'x'.repeat(8_000_000);
  const text = (n: number) => `${n} ${bulk}`;
  members = { ...members, lastChange: { pattern: 'p', from: 'a', to: 'b', diff: text(0), commit: 'c', at: 1 } };
  const { socket, received } = await rawPage();
  socket.pause();
  let change = 0;
  // Enough for every buffer between here and there: the server must stop sending by itself.
  for (const until = asked + 6; asked < until;) {
    members = { ...members, lastChange: { ...members.lastChange!, diff: text((change += 1)) } };
    const seen = asked;
    while (asked === seen) await setImmediate();
  }
  socket.resume();
  const latest = text(change).slice(0, 8);
  while (!received().includes(`"diff":"${latest}`)) await once(socket, 'data');
  const sent = received().split('"diff":"').length - 1;
  assert.ok(sent < 5, `${sent} of ${change} states were sent`);
  socket.destroy();
});

/** A page as bytes: socket.io's protocol over a WebSocket, so that reading can be stopped. */
async function rawPage(): Promise<{ socket: TcpSocket; received: () => string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n' +
      'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  while (!received.includes('"sid"')) await once(socket, 'data');
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30])); // "40": connect to the main namespace, mask zero
  while (!received.includes('"diff":"0 ')) await once(socket, 'data');
  return { socket, received: () => received };
}
