import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './testing/world.ts';

test('stop all ends every fault, proves it, and blocks new ones until released', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  assert.deepEqual(await leases.stopAll(), { stopped: [id], remaining: [], blocked: true });
  assert.equal(world.acting.size, 0);
  await assert.rejects(leases.start({ kind: 'slow', target: 'bank' }), { code: 'faults-blocked' });
  leases.release();
  await leases.start({ kind: 'slow', target: 'bank' });
});

test('stop all says what it could not end', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  world.broken = new Error('the bank is gone');
  assert.deepEqual(await leases.stopAll(), { stopped: [], remaining: [id], blocked: true });
  assert.equal(world.problems.length, 1);
});

test('stop all ends what it can when a driver fails and a pod is silent, and names both', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  world.killBroken = new Error('the cluster is away');
  world.silent = ['bank-1'];
  const remaining = ['kill (no answer)', 'bank-1 (no answer)'];
  assert.deepEqual(await leases.stopAll(), { stopped: [id], remaining, blocked: true });
  assert.deepEqual([world.acting.size, world.problems], [0, [world.killBroken]]);
});

test('a restarted server keeps the block, until it is released for good', async () => {
  const world = new World();
  await world.leases().stopAll();
  const restarted = world.leases();
  await assert.rejects(restarted.start({ kind: 'slow', target: 'bank' }), { code: 'faults-blocked' });
  restarted.release();
  assert.equal(world.leases().blocked, false);
});

test('while all are stopped, what others start is ended too', async () => {
  const world = new World();
  const leases = world.leases();
  await leases.stopAll();
  world.foreign();
  await leases.renew();
  await leases.renew();
  assert.deepEqual([world.acting.size, leases.list()[0]?.endedBy], [0, 'stop']);
});

test('stop all also ends what was started by others', async () => {
  const world = new World();
  world.foreign();
  assert.deepEqual(await world.leases().stopAll(), { stopped: ['kubectl'], remaining: [], blocked: true });
});
