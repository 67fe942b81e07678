import { createAdaptorServer } from '@hono/node-server';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Pod } from '../../embedded/kinds/types.ts';
import { until } from '../../embedded/testing/until.ts';
import { serviceLog } from '../../shop/service/log.ts';
import { ownFaultRoutes } from '../../shop/service/own-fault-routes.ts';
import { OwnFaults } from '../../shop/service/own-faults.ts';
import { newRoutes } from '../../shop/service/routes.ts';
import { bankFault, Behaviour, type BankFault } from '../../shop/services/bank/behaviour.ts';
import type { Reading } from '../evidence.ts';
import { adminPort } from './admin-port.ts';
import { patienceMs, type Surroundings } from './driver.ts';

const what = { behaviour: 'slow', parameters: { delayMs: 10, percent: 100 } };

/** Pods on real sockets, with the bank's own code behind them. */
async function open(t: TestContext) {
  const ports = new Map<string, number>();
  const sockets = new Set<Socket>();
  const readings: Reading[] = [];
  const lost: string[] = [];
  const surroundings = {
    dial: async (uid: string) => {
      const socket = connect(ports.get(uid) ?? 1, '127.0.0.1');
      sockets.add(socket);
      await once(socket, 'connect');
      return socket;
    },
    report: (_id: string, reading: Reading) => readings.push(reading),
    lost: (id: string) => lost.push(id),
  } as unknown as Surroundings;
  const listen = async (server: Server) => {
    server.on('connection', (socket) => sockets.add(socket));
    t.after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  const pod = (name: string): Pod => ({
    metadata: { name, uid: name, annotations: { 'breakwater.dev/carries-faults': 'admin' } },
    spec: { containers: [{ name: 'service', ports: [{ name: 'admin', containerPort: 9000 }] }] },
  });
  return {
    driver: adminPort.start(surroundings),
    ...{ readings, lost, sockets },
    async bank(name: string) {
      const faults = new OwnFaults<BankFault>();
      const behaviour = new Behaviour({ latencyMs: [0, 0], failurePercent: 0 }, faults);
      const routes = newRoutes(serviceLog('bank'));
      ownFaultRoutes(faults, bankFault)(routes);
      ports.set(name, await listen(createAdaptorServer({ fetch: routes.fetch }) as Server));
      return { pod: pod(name), behaviour, faults };
    },
    /** The kernel takes its connections, as it does for a stopped process. */
    async frozen(name: string) {
      ports.set(name, await listen(createServer()));
      return pod(name);
    },
    nobody: pod,
  };
}

const order = (pods: Pod[], remainingMs = 60_000) => ({ id: 'fault-1', what, pods, destinations: [], remainingMs });

test('each pod is told once, tells its first effect at once, and is not told again when others come', async (t) => {
  const { driver, bank, readings } = await open(t);
  const first = await bank('bank-1');
  const second = await bank('bank-2');
  assert.deepEqual(await driver.carryOut(order([first.pod])), []);
  assert.deepEqual(await driver.carryOut(order([first.pod, second.pod])), []);
  assert.deepEqual([first.faults.active().length, second.faults.active().length], [1, 1]);
  const delayed = () => readings.some((reading) => reading.delayed === 1 && reading.pods[0] === 'bank-2');
  second.behaviour.next();
  await until('it is told of', delayed);
});

test('a pod that no longer belongs to the target is told to end it, and what it did still counts', async (t) => {
  const { driver, bank, readings } = await open(t);
  const relabelled = await bank('bank-1');
  const other = await bank('bank-2');
  await driver.carryOut(order([relabelled.pod, other.pod]));
  for (let calls = 0; calls < 3; calls++) relabelled.behaviour.next();
  assert.deepEqual(await driver.carryOut(order([other.pod])), []);
  assert.deepEqual([relabelled.faults.active().length, other.faults.active().length], [0, 1]);
  assert.equal(readings.findLast(({ pods }) => pods[0] === 'bank-1')?.delayed, 3);
});

test('an end is over in every pod when it answers, with the last counts', async (t) => {
  const { driver, bank, readings, lost } = await open(t);
  const { pod, behaviour, faults } = await bank('bank-1');
  await driver.carryOut(order([pod]));
  for (let calls = 0; calls < 7; calls++) behaviour.next();
  assert.deepEqual(await driver.undo('fault-1', [pod]), []);
  assert.deepEqual([faults.active(), readings.at(-1)?.delayed, lost], [[], 7, []]);
});

test('a pod that is silent is named after a moment, holds nobody up, and is not brought back by what was on its way', async (t) => {
  const { driver, bank, frozen } = await open(t);
  const { pod, faults } = await bank('bank-1');
  const ice = await frozen('bank-2');
  const since = performance.now();
  const telling = driver.carryOut(order([pod, ice]));
  await until('the other acts', () => faults.active().length === 1);
  assert.deepEqual(await driver.undo('fault-1', [pod, ice]), ['bank-2']);
  assert.deepEqual(
    (await telling).map((each) => each.pod),
    ['bank-2'],
  );
  assert.deepEqual(await driver.acting([pod, ice]), { ids: [], silent: ['bank-2'] });
  assert.ok(performance.now() - since < 3 * patienceMs);
  await driver.carryOut(order([pod]));
  assert.deepEqual(faults.active(), [], 'what has ended does not begin again');
});

test('a connection that breaks is told of, the pod keeps its lease, and being told again does not prolong it', async (t) => {
  const { driver, bank, lost, sockets } = await open(t);
  const { pod, faults } = await bank('bank-1');
  await driver.carryOut(order([pod], 5_000));
  for (const socket of sockets) socket.destroy();
  await until('its loss is told', () => lost.length === 1);
  assert.equal(faults.active().length, 1);
  await driver.carryOut(order([pod], 600_000));
  assert.ok(faults.active()[0]!.remainingMs <= 5_000);
});

test('where nobody listens nothing acts, which is no silence; to be told it must listen', async (t) => {
  const { driver, nobody } = await open(t);
  const pod = nobody('bank-1');
  assert.deepEqual(await driver.undo('fault-1', [pod]), []);
  assert.deepEqual(await driver.acting([pod]), { ids: [], silent: [] });
  const [unreached] = await driver.carryOut(order([pod]));
  assert.match(unreached!.why, /ECONNREFUSED/);
});

test('a pod says whether it takes faults', () => {
  const containers = [{ name: 'service', ports: [{ name: 'admin', containerPort: 9000 }] }];
  const annotations = { 'breakwater.dev/carries-faults': 'admin' };
  assert.equal(adminPort.cannotHit({ metadata: { annotations }, spec: { containers } }, what), null);
  assert.match(adminPort.cannotHit({ metadata: {}, spec: { containers } }, what)!, /carries-faults/);
  assert.ok(adminPort.cannotHit({ metadata: { annotations }, spec: { containers: [{ name: 'service' }] } }, what));
  const others = { ...annotations, 'breakwater.dev/fault-behaviours': 'spike, retry-storm' };
  assert.match(
    adminPort.cannotHit({ metadata: { annotations: others }, spec: { containers } }, what)!,
    /but spike, retry-storm/,
  );
});
