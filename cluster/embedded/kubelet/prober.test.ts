import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Container } from '../kinds/types.ts';
import { checkOnce, type Probe } from './probe-check.ts';
import { runProbe } from './prober.ts';

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

/** Runs a probe against `healthy`, on a clock of its own; what it reported so far is in the answer. */
function start(t: TestContext, probe: object, healthy: () => boolean) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const seen: string[] = [];
  const stop = new AbortController();
  t.after(() => stop.abort());
  let looks = 0;
  const check = async () => {
    looks += 1;
    if (!healthy()) throw new Error('down');
  };
  const report = {
    onPass: () => seen.push('pass'),
    onFail: (_: Error, final: boolean) => seen.push(final ? 'final' : 'fail'),
  };
  void runProbe(probe as Probe, check, report, stop.signal);
  const pass = async (milliseconds: number) => {
    for (let gone = 0; gone < milliseconds; gone += 100) {
      await turns();
      t.mock.timers.tick(100);
    }
    await turns();
  };
  return { seen, pass, looks: () => looks };
}

test('before the first success a probe looks ten times a second, after it once a period', async (t) => {
  let healthy = false;
  const { seen, pass, looks } = start(t, { periodSeconds: 5 }, () => healthy);
  await pass(1000);
  assert.ok(looks() >= 10, `${looks()} looks`);
  healthy = true;
  await pass(200);
  assert.deepEqual(seen, ['pass']);
  const before = looks();
  await pass(10_000);
  assert.equal(looks() - before, 2);
});

test('failures before the first success count once a period, so the threshold keeps its meaning', async (t) => {
  const { seen, pass } = start(t, { periodSeconds: 2, failureThreshold: 3 }, () => false);
  await pass(1900);
  assert.deepEqual(seen, []);
  await pass(4300);
  assert.deepEqual(seen, ['fail', 'fail', 'final']);
});

test('a success in between starts the count of failures again', async (t) => {
  const answers = [true, false, false, true, false, false, false];
  const { seen, pass } = start(t, { periodSeconds: 1 }, () => answers.shift() ?? true);
  await pass(6500);
  assert.deepEqual(seen, ['pass', 'fail', 'fail', 'pass', 'fail', 'fail', 'final']);
});

test('httpGet passes on 2xx and 3xx, and says the status or the errno otherwise', async (t) => {
  const server = createServer((request, response) => response.writeHead(Number(request.url!.slice(1))).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const container = { name: 'a', ports: [{ name: 'http', containerPort: port }] } as Container;
  const dial = (target: number) =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect(target, '127.0.0.1', () => resolve(socket)).once('error', reject);
    });
  const get = (path: string, at: number | string = 'http') =>
    checkOnce({ httpGet: { path, port: at } } as Probe, container, dial);
  await get('/200');
  await get('/302');
  await assert.rejects(get('/503'), { message: 'HTTP probe failed with statuscode: 503' });
  await assert.rejects(get('/200', 'other'), { message: 'the container has no port named "other"' });
  await checkOnce({ tcpSocket: { port: 'http' } } as Probe, container, dial);
  await assert.rejects(checkOnce({ tcpSocket: { port: 1 } } as Probe, container, dial), { code: 'ECONNREFUSED' });
});
