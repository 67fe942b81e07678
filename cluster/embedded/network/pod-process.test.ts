import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

const run = promisify(execFile);
let net: TestNetwork;
let orders: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  await orders.serveHello();
  net.network.setServices([service('orders', '10.96.0.7', [orders])]);
});
after(() => net.close());

/** A container that runs one script and ends by itself. */
const script = async (code: string) => {
  const { nodeArguments, env } = orders.attachment;
  const { stdout } = await run(process.execPath, [...nodeArguments, '-e', code], { env: { ...process.env, ...env } });
  return stdout.trim();
};

test('the preload keeps no finished process alive, and adds no IPC', async () => {
  assert.equal(await script('console.log(typeof process.send, process.channel)'), 'undefined undefined');
});

test('a process lives for the answer to a dial', async () => {
  assert.equal(
    await script(`fetch('http://orders:8080').then((r) => r.text()).then(console.log)`),
    'hello from orders-1',
  );
});

test('a process lives on for a call while the data plane is down', async () => {
  const code = `
    process.kill(${net.network.dataPlanePid}, 'SIGKILL');
    const call = () => fetch('http://orders:8080').then((r) => r.text()).then(console.log);
    setTimeout(call, 10);`;
  assert.equal(await script(code), 'hello from orders-1');
});

test('an unreferenced socket does not keep it alive', async () => {
  assert.equal(await script(`require('net').connect(8080, 'orders').unref(); console.log('done')`), 'done');
});

test('worker threads are on the network', async () => {
  const worker = `fetch('http://orders:8080').then((r) => r.text()).then(console.log)`;
  assert.equal(
    await script(`new (require('worker_threads').Worker)(${JSON.stringify(worker)}, { eval: true })`),
    'hello from orders-1',
  );
});

for (const start of ['spawn', 'execFile', 'fork', 'spawnSync', 'execFileSync', 'execSync']) {
  test(`a child of a service stays on the network, even with an environment of its own (${start})`, async () => {
    const child = `fetch('http://orders:8080').then((r) => r.text()).then(console.log)`;
    const how = {
      spawn: `cp.spawn(process.execPath, ['-e', child], { env: {}, stdio: 'inherit' })`,
      execFile: `cp.execFile(process.execPath, ['-e', child], { env: {} }, (error, out) => console.log(out))`,
      fork: `fs.writeFileSync(file, child); cp.fork(file, { env: {} })`,
      spawnSync: `cp.spawnSync(process.execPath, ['-e', child], { env: {}, stdio: 'inherit' })`,
      execFileSync: `console.log(String(cp.execFileSync(process.execPath, ['-e', child], { env: {} })))`,
      execSync: `console.log(String(cp.execSync('"$NODE" -e "$CHILD"', { env: { NODE: process.execPath, CHILD: child } })))`,
    }[start];
    const code = `
      const cp = require('child_process'), fs = require('fs'), path = require('path'), os = require('os');
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'breakwater-fork-')), 'child.cjs');
      process.on('exit', () => fs.rmSync(path.dirname(file), { recursive: true }));
      const child = ${JSON.stringify(child)};
      ${how}`;
    assert.equal(await script(code), 'hello from orders-1');
  });
}

test('a process without the variable of the network is left as it is', async () => {
  const code = `const s = require('net').createServer().listen(0, () => {
    console.log(s._handle.listen.toString());
    s.close();
  })`;
  const { stdout } = await run(process.execPath, [...orders.attachment.nodeArguments, '-e', code]);
  assert.match(stdout, /native code/);
});
