import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revision } from '../../testing/controller-fixture.ts';
import { reconcileBlock } from './fault-block.ts';
import { FaultWorld } from './testing/fault-world.ts';

const blockOf = (world: FaultWorld) => world.api.get('FaultBlock', 'stop-all', 'shop');
const obey = (world: FaultWorld) => reconcileBlock(world.api, world.controller, 'shop');

test('without a block nothing is ended, nothing is written and nobody looks again', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  const before = await revision(world.api);
  assert.equal(await obey(world), undefined);
  assert.deepEqual([world.acting.size, await revision(world.api)], [1, before]);
});

test('a block ends every fault, and its status is the proof that none is left', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.create({}, 'other');
  await world.reconcile();
  await world.reconcile('other');
  await world.block();
  await obey(world);
  assert.equal(world.acting.size, 0);
  assert.deepEqual((await blockOf(world)).status, { observedGeneration: 1, remaining: [], silent: [] });
  const { status } = await world.fault();
  assert.equal(status?.phase, 'Ended');
  assert.match(status.reason!, /all faults were stopped/);
});

test('a fault that comes while there is a block is refused with the reason, and stays so when it is released', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.block();
  await world.create();
  await world.reconcile();
  assert.equal((await world.fault()).status?.phase, 'Refused');
  await world.api.delete('FaultBlock', 'stop-all', 'shop');
  await world.reconcile();
  assert.deepEqual([world.acting.size, (await world.fault()).status?.phase], [0, 'Refused']);
  await world.create({}, 'new');
  await world.reconcile('new');
  assert.equal(world.acting.size, 1);
});

test('a restarted controller obeys a block that was there before', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  await world.block();
  world.restarted();
  await world.reconcile();
  assert.equal(world.acting.size, 0);
});

test('what could not be ended, and who does not answer, are named; another request asks again', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  await world.block();
  world.silent = ['bank-1'];
  assert.equal(await obey(world), 2_000);
  assert.deepEqual((await blockOf(world)).status, { observedGeneration: 1, remaining: ['slow'], silent: ['bank-1'] });
  world.silent = [];
  await world.api.patch('FaultBlock', 'stop-all', 'shop', { spec: { request: 'again' } });
  await obey(world);
  assert.deepEqual((await blockOf(world)).status, { observedGeneration: 2, remaining: [], silent: [] });
});

test('what acts although nobody has asked for it is ended as well', async () => {
  const world = await FaultWorld.open();
  await world.block();
  world.acting.set('stray', { id: 'stray', what: null, pods: [], destinations: [], remainingMs: 1 });
  await obey(world);
  assert.deepEqual([world.undone, (await blockOf(world)).status?.remaining], [['stray', 'stray'], []]);
});

test('a fault in another namespace of the scope is ended too', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  const labels = { 'breakwater.dev/scope': 'shop' };
  await world.api.create('Namespace', { metadata: { name: 'bank', labels } });
  const { spec } = await world.create();
  await world.api.create('Fault', { metadata: { name: 'theirs', namespace: 'bank' }, spec });
  await world.controller.reconcile('bank', 'theirs');
  assert.deepEqual(world.hit(), ['bank-1']);
  await world.block();
  await obey(world);
  assert.deepEqual([world.acting.size, (await world.api.get('Fault', 'theirs', 'bank')).status?.phase], [0, 'Ended']);
});

test('a fault of another scope goes on', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  await world.api.create('Namespace', { metadata: { name: 'lane-b' } });
  await world.api.create('FaultBlock', { metadata: { name: 'b', namespace: 'lane-b' }, spec: {} });
  await reconcileBlock(world.api, world.controller, 'lane-b');
  assert.equal(world.acting.size, 1);
  assert.deepEqual((await world.api.get('FaultBlock', 'b', 'lane-b')).status?.remaining, []);
});
