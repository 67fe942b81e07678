import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../cluster/embedded/testing/until.ts';
import { Marks } from '../marks.ts';
import { Faults } from './faults.ts';
import { FaultCluster } from './testing/fault-cluster.ts';

async function open(t: TestContext) {
  const world = await FaultCluster.open();
  t.after(() => world.close());
  const problems: unknown[] = [];
  const server = () => {
    const { cluster } = world;
    const faults = new Faults({ cluster, marks: new Marks(), onProblem: (error) => void problems.push(error) });
    t.after(() => faults.close());
    return faults;
  };
  return { world, faults: server(), server, problems, api: world.api };
}

const slow = { kind: 'bank-slow', target: 'bank' };

test('stop all ends every fault, proves it, and blocks new ones until released', async (t) => {
  const { world, faults, api } = await open(t);
  const ids = [(await faults.start(slow)).id, (await faults.start({ ...slow, kind: 'bank-failing' })).id];
  const { stopped, ...rest } = await faults.stopAll();
  assert.deepEqual([stopped.sort(), rest], [ids.sort(), { remaining: [], blocked: true }]);
  assert.deepEqual(world.bankFaults.active(), []);
  assert.deepEqual((await api.list('Fault')).items, []);
  await assert.rejects(faults.start(slow), { code: 'faults-blocked' });
  await faults.release();
  assert.equal(faults.blocked, false);
  await faults.start(slow);
});

test('a fault whose end is told a moment after the proof is not left', async (t) => {
  const { world, faults } = await open(t);
  const { id } = await faults.start(slow);
  world.faultNewsMs = 100;
  assert.deepEqual(await faults.stopAll(), { stopped: [id], remaining: [], blocked: true });
});

test('with a frozen pod it takes less than two seconds, names the pod, and ends what it can', async (t) => {
  const { world, faults } = await open(t);
  await faults.start(slow);
  await world.bankPod('bank-2', { frozen: true });
  await world.bankPod('bank-3', { frozen: true });
  await faults.start({ ...slow, kind: 'bank-failing' });
  const since = performance.now();
  const { remaining } = await faults.stopAll();
  const took = performance.now() - since;
  assert.ok(took < 2_000, `${took} ms`);
  assert.ok(remaining.includes('bank-2 (no answer)') && remaining.includes('bank-3 (no answer)'), remaining.join());
  assert.deepEqual(world.bankFaults.active(), []);
});

test('a restarted lab server keeps the block, and so does a restarted controller', async (t) => {
  const { world, faults, server, api } = await open(t);
  await faults.stopAll();
  faults.close();
  await world.restartController();
  const restarted = server();
  await until('the block is known', () => restarted.blocked);
  await assert.rejects(restarted.start(slow), { code: 'faults-blocked' });
  const spec = { type: 'bank-slow', target: { service: 'bank' } } as never;
  await api.create('Fault', { metadata: { name: 'by-hand', namespace: 'shop' }, spec });
  await until('it is refused', async () => (await api.get('Fault', 'by-hand', 'shop')).status?.phase === 'Refused');
  assert.deepEqual(world.bankFaults.active(), []);
});

test('what others start without a Fault is ended too', async (t) => {
  const { world, faults } = await open(t);
  world.bankFaults.begin('by-curl', {
    behaviour: 'slow',
    parameters: { delayMs: 1, percent: 100 },
    remainingMs: 60_000,
  });
  assert.deepEqual(await faults.stopAll(), { stopped: [], remaining: [], blocked: true });
  assert.deepEqual(world.bankFaults.active(), []);
});

test('while the cluster does not answer nothing is proven, new faults are refused, and all is made up for', async (t) => {
  const { world, faults, problems } = await open(t);
  const { id } = await faults.start(slow);
  const away = Promise.withResolvers<never>();
  away.promise.catch(() => undefined);
  world.away = away.promise;
  const stopping = faults.stopAll();
  away.reject(new Error('the cluster is away'));
  assert.deepEqual(await stopping, { stopped: [], remaining: [id, 'the cluster (no answer)'], blocked: true });
  assert.ok(problems.length > 0);
  await assert.rejects(faults.start(slow), { code: 'faults-blocked' });
  world.reconnect();
  await until('it is made up for', () => world.bankFaults.active().length === 0);
  assert.equal((await world.api.list('FaultBlock')).items.length, 1);
});
