import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultWorld } from '../../embedded/controllers/faults/testing/fault-world.ts';
import type { Pod, PodDisruptionBudget } from '../../embedded/kinds/types.ts';
import { run } from '../../embedded/testing/controller-fixture.ts';
import { faultTypes } from '../index.ts';
import { nodeDrain } from './node-drain.ts';

async function open() {
  const world = await FaultWorld.open(faultTypes, { 'node-drain': nodeDrain });
  await world.api.create('Node', { metadata: { name: 'node-1' } });
  for (const [name, kind] of [
    ['orders-1', 'ReplicaSet'],
    ['bank-1', 'ReplicaSet'],
    ['agent-1', 'DaemonSet'],
    ['bare-1', null],
  ] as const) {
    const owner = { apiVersion: 'apps/v1', kind: kind!, name: 'owner', uid: 'u', controller: true };
    const metadata = { name, namespace: 'shop', labels: { app: name.split('-')[0]! } };
    const spec = { containers: [{ name: 'service', image: 'x' }] };
    const pod = { metadata: { ...metadata, ...(kind && { ownerReferences: [owner] }) }, spec } as Pod;
    const made = await world.api.create('Pod', pod);
    await world.api.bind(name, 'shop', 'node-1');
    await run(world.api, made, true);
  }
  return world;
}

const drain = { type: 'node-drain', target: { node: 'node-1' } };
const isCordoned = async (world: FaultWorld) => (await world.api.get('Node', 'node-1')).spec?.unschedulable ?? false;
const goes = async (world: FaultWorld, name: string) =>
  (await world.api.get('Pod', name, 'shop')).metadata.deletionTimestamp !== undefined;

/** Of one pod that must stay, as its controller has counted it. */
async function budget(world: FaultWorld, disruptionsAllowed: number): Promise<void> {
  const metadata = { name: 'bank', namespace: 'shop' };
  const spec = { minAvailable: 1, selector: { matchLabels: { app: 'bank' } } };
  await world.api.create('PodDisruptionBudget', { metadata, spec } as PodDisruptionBudget);
  const counted = { observedGeneration: 1, disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };
  await world.api.patch('PodDisruptionBudget', 'bank', 'shop', { status: counted }, 'status');
}

test('a drained node takes no pods, loses those that somebody starts elsewhere, and takes pods again at the end', async () => {
  const world = await open();
  await world.create(drain);
  assert.equal(await world.reconcile(), 500, 'a bare pod stays, and is looked at again');
  const gone = await Promise.all(['orders-1', 'bank-1', 'agent-1', 'bare-1'].map((name) => goes(world, name)));
  assert.deepEqual([await isCordoned(world), gone], [true, [true, true, false, false]]);
  const { status } = await world.fault();
  assert.equal(status?.phase, 'Active');
  assert.match(status.reason!, /bare-1: nobody would start it elsewhere/);
  await world.controller.end(await world.fault());
  const { status: after } = await world.fault();
  assert.deepEqual([await isCordoned(world), after?.counts?.killed], [false, 2]);
});

test('a disruption budget holds an eviction up until it permits it', async () => {
  const world = await open();
  await budget(world, 0);
  await world.create(drain);
  await world.reconcile();
  await world.reconcile();
  assert.deepEqual([await goes(world, 'bank-1'), (await world.fault()).status?.phase], [false, 'Active']);
  assert.match((await world.fault()).status!.reason!, /bank-1: .*disruption budget/);
  await world.api.patch('PodDisruptionBudget', 'bank', 'shop', { status: { disruptionsAllowed: 1 } }, 'status');
  await world.reconcile();
  assert.equal(await goes(world, 'bank-1'), true);
});

test('a node that somebody has cordoned before stays so', async () => {
  const world = await open();
  await world.api.patch('Node', 'node-1', undefined, { spec: { unschedulable: true } });
  await world.create(drain);
  await world.reconcile();
  await world.controller.end(await world.fault());
  assert.equal(await isCordoned(world), true);
});

test('after a restart of the controller the node is given back at the end of the lease', async () => {
  const world = await open();
  await world.create(drain);
  await world.reconcile();
  world.restarted();
  world.now = 60_000;
  await world.reconcile();
  assert.equal(await isCordoned(world), false);
});

test('a node that is not there is waited for', async () => {
  const world = await open();
  await world.create({ ...drain, target: { node: 'node-9' } });
  await world.reconcile();
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.reason], ['Pending', 'there is no node node-9']);
});
