import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { until } from '../testing/until.ts';
import { FreePorts } from './free-ports.ts';
import type { ServiceRoute } from './pod-network.ts';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let web: TestPod;
let errors: Record<number, string> = {};
const free = new FreePorts();

before(async () => {
  net = await TestNetwork.start();
  net.network.onMachinePortErrors((told) => (errors = told));
  web = await net.pod('web-1');
  await web.serveHello();
});
after(() => net.close());

function onPort(machinePort: number, pods = [web]): ServiceRoute {
  const route = service('web', '10.96.0.7', pods);
  return { ...route, ports: route.ports.map((port) => ({ ...port, nodePort: 30_080, machinePorts: [machinePort] })) };
}
/** Over a connection of its own: one that stands goes on. */
const call = async (host: string, port: number) =>
  (await fetch(`http://${host}:${port}/`, { headers: { connection: 'close' } })).text();
const code = (error: unknown) => ((error as Error).cause as NodeJS.ErrnoException).code;
const isOpen = (port: number) => async () => (await call('127.0.0.1', port).catch(() => '')) === 'hello from web-1';

test('a port of the machine leads to the pods of its Service, from the machine and from nowhere else', async () => {
  const port = await free.take();
  net.network.setServices([onPort(port)]);
  await until('it is open', isOpen(port));
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  for (const { address } of others.filter(({ family, internal }) => family === 'IPv4' && !internal)) {
    await assert.rejects(call(address, port), (error) => code(error) === 'ECONNREFUSED');
  }
});

test('pods reach a node port at the address of every node', async () => {
  net.network.setServices([onPort(await free.take())]);
  const caller = await net.pod('caller-1', 'node-2');
  const answer = await caller.run(async () => (await fetch('http://10.240.0.12:30080/')).text());
  assert.equal(answer, 'hello from web-1');
});

test('a port refuses where the Service has no endpoints, and when the Service is gone', async () => {
  const port = await free.take();
  const refuses = () =>
    call('127.0.0.1', port).then(
      () => false,
      (error: unknown) => code(error) === 'ECONNREFUSED',
    );
  for (const without of [[onPort(port, [])], []]) {
    net.network.setServices([onPort(port)]);
    await until('it is open', isOpen(port));
    net.network.setServices(without);
    await until('it refuses', refuses);
  }
});

test('a port that is taken is told of, tried again, and there once it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  net.network.setServices([onPort(port)]);
  await until('it is told of', () => errors[port] === 'EADDRINUSE');
  other.close();
  await until('it is open', isOpen(port));
  assert.deepEqual(errors, {});
});

test('a data plane that is started anew opens the ports again', async () => {
  const port = await free.take();
  net.network.setServices([onPort(port)]);
  await until('it is open', isOpen(port));
  process.kill(net.network.dataPlanePid!, 'SIGKILL');
  await until('it is open again', isOpen(port));
});
