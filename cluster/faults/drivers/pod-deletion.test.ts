import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FaultWorld } from '../../embedded/controllers/faults/testing/fault-world.ts';
import { faultTypes } from '../index.ts';
import { podDeletion } from './pod-deletion.ts';

async function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const world = await FaultWorld.open(faultTypes, { 'pod-deletion': podDeletion });
  await world.pods('bank-1', 'bank-2');
  await world.create({ type: 'pod-kill-repeated', parameters: { everySeconds: 10 } });
  await world.reconcile();
  return world;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const left = async (world: FaultWorld) =>
  (await world.api.list('Pod')).items.map(({ metadata }) => metadata.name).join();

test('one pod dies at once, the next one at each round, and every one is counted', async (t) => {
  const world = await open(t);
  assert.equal((await left(world)).split(',').length, 1);
  await world.pods('bank-3');
  await world.reconcile();
  assert.equal((await left(world)).split(',').length, 2);
  t.mock.timers.tick(10_000);
  await turn();
  assert.equal((await left(world)).split(',').length, 1);
  await world.controller.end(await world.fault());
  const { status } = await world.fault();
  assert.deepEqual([status?.counts?.killed, status?.pods?.length], [2, 2]);
});

test('once it has ended nobody dies any more', async (t) => {
  const world = await open(t);
  const driver = world.controller.runs.drivers.get('pod-deletion')!;
  assert.equal((await driver.acting([])).ids.length, 1);
  await world.controller.end(await world.fault());
  t.mock.timers.tick(60_000);
  await turn();
  assert.equal((await left(world)).split(',').length, 1);
  assert.deepEqual((await driver.acting([])).ids, []);
});
