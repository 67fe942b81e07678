import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../testing/until.ts';
import { delay, service, TestNetwork, type TestPod } from './testing/test-network.ts';

const callPayments = (pod: TestPod) => pod.run(async () => (await fetch('http://payments:8080/')).text());

test('a data plane that is killed is started again, with all its pods, services and faults', async (t) => {
  const deaths: Error[] = [];
  const net = await TestNetwork.start((error) => void deaths.push(error));
  t.after(() => net.close());
  const orders = await net.pod('orders-1');
  const payments = await net.pod('payments-1', 'node-2');
  await payments.serveHello();
  net.network.setServices([service('payments', '10.96.0.7', [payments])]);
  assert.equal(await callPayments(orders), 'hello from payments-1');
  await net.network.setFaults([delay(30, [orders])]);
  await callPayments(orders);
  await until('its call is counted', () => net.counts.slow?.delayed === 1);
  const counters = new Set<string>();
  net.network.onFaultCounts((_counts, counter) => counters.add(counter));

  const firstPid = net.network.dataPlanePid ?? 0;
  const broken = orders.run(async () => {
    const { connect } = await import('node:net');
    const socket = connect(8080, 'payments');
    const cut = new Promise((resolve) => socket.on('error', resolve).once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    Object.assign(globalThis, { connected: true });
    await cut;
    return 'cut';
  });
  await until('it is connected', () => orders.run(() => 'connected' in globalThis));
  process.kill(firstPid, 'SIGKILL');
  assert.equal(await broken, 'cut');
  await until('its death is told', () => deaths.length === 1);
  assert.match(String(deaths[0]), /died \(SIGKILL\)/);

  // What is asked while it is down waits for it.
  assert.equal(await callPayments(orders), 'hello from payments-1');
  const dialled = await net.network.dial('payments-1', 8080);
  dialled.destroy();
  assert.notEqual(net.network.dataPlanePid, firstPid);
  assert.deepEqual(await net.network.actingFaults(), ['slow'], 'the fault is in force again');
  await until('it counts, as another counter', () => counters.has(`data-plane ${net.network.dataPlanePid}`));
});

test('it ends when the cluster process does, however that ends, and takes its folder along', async (t) => {
  const start = fileURLToPath(new URL('./start-pod-network.ts', import.meta.url));
  const home = await mkdtemp(join(tmpdir(), 'breakwater-network-test-'));
  t.after(() => rm(home, { recursive: true }));
  const script = `
    const { startPodNetwork } = await import(${JSON.stringify(start)});
    const network = await startPodNetwork({ home: ${JSON.stringify(home)} });
    const pod = await network.attach({ uid: 'a', name: 'a', namespace: 'shop', nodeName: 'n' });
    console.log(JSON.stringify({ env: pod.env }));
    setInterval(() => {}, 1000);`;
  const cluster = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const word = await new Promise<string>((resolve) => cluster.stdout.once('data', (data) => resolve(String(data))));
  const { env } = JSON.parse(word) as { env: Record<string, string> };
  const { controlSocket } = JSON.parse(env.BREAKWATER_POD_NETWORK ?? '') as { controlSocket: string };
  // The kernel closes this connection when the data plane is gone; its process id may stay for a while as a zombie's.
  const line = connect(controlSocket);
  const gone = new Promise((resolve) => line.once('close', resolve));
  await new Promise<void>((resolve) => line.once('connect', resolve));
  cluster.kill('SIGKILL');
  await gone;
  assert.ok(!existsSync(dirname(controlSocket)));
});

test('neither a stranger on the edge port nor one on the control socket gets anything', async (t) => {
  const net = await TestNetwork.start();
  t.after(() => net.close());
  const { env } = await net.network.attach({ uid: 'a', name: 'a', namespace: 'shop', nodeName: 'n' });
  const { controlSocket } = JSON.parse(env.BREAKWATER_POD_NETWORK ?? '') as { controlSocket: string };
  for (const words of [
    '{"type":"hello","token":"guess"}\n',
    '{"type":"dial","id":1,"address":"10.96.0.7","port":1}\n',
    'x\n',
  ]) {
    const stranger = connect(controlSocket);
    stranger.write(words);
    let answer = '';
    stranger.on('data', (data) => (answer += String(data)));
    await new Promise((resolve) => stranger.once('close', resolve));
    assert.equal(answer, '');
  }
});

test(
  'connections leave no sockets behind, in whatever way they end',
  { skip: !existsSync('/proc/self/fd') && 'counts /proc' },
  async (t) => {
    const net = await TestNetwork.start();
    t.after(() => net.close());
    const orders = await net.pod('orders-1');
    const payments = await net.pod('payments-1', 'node-2');
    await payments.serveHello();
    net.network.setServices([service('payments', '10.96.0.7', [payments])]);
    const open = () => readdirSync(`/proc/${net.network.dataPlanePid}/fd`).length;
    const callMany = (pod: TestPod, count: number) =>
      pod.run(async (count) => {
        const { connect } = await import('node:net');
        const once = (end: 'end' | 'destroy' | 'resetAndDestroy' | 'at once') =>
          new Promise<void>((resolve) => {
            const socket = connect(8080, 'payments');
            socket.on('error', () => undefined);
            socket.once('close', () => resolve());
            if (end === 'at once') return setImmediate(() => socket.destroy());
            socket.write('GET / HTTP/1.1\r\nhost: payments\r\n\r\n');
            socket.once('data', () => socket[end]());
          });
        for (let i = 0; i < count; i += 4) {
          await Promise.all([once('end'), once('destroy'), once('resetAndDestroy'), once('at once')]);
        }
      }, count);
    await callMany(orders, 40);
    await until('most connections are closed', () => open() < 40);
    const before = open();
    await callMany(orders, 2_000);

    // A caller that is killed in the middle of everything.
    const caller = await net.pod('users-1');
    const during = callMany(caller, 100_000).catch((error: Error) => error);
    await caller.run(() => new Promise((resolve) => setImmediate(resolve)));
    await caller.kill();
    await during;
    await until('those of the killed caller are closed', () => open() <= before);
  },
);
