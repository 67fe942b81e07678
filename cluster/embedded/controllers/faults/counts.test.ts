import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revision } from '../../testing/controller-fixture.ts';
import { FaultWorld } from './testing/fault-world.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the first effect is written at once, the rest four times a second while it changes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  const { metadata } = await world.create();
  await world.reconcile();
  const report = (delayed: number) =>
    world.surroundings.report(metadata.uid!, { counter: 'a', delayed, pods: ['bank-1'] });
  const written = async () => {
    await turn();
    return (await world.fault()).status?.counts?.delayed;
  };
  const idle = await revision(world.api);
  report(0);
  assert.equal(await written(), 0, 'the pod it has reached is news');
  report(1);
  assert.equal(await written(), 1);
  for (let delayed = 2; delayed < 100; delayed++) report(delayed);
  assert.equal(await written(), 1);
  t.mock.timers.tick(250);
  assert.equal(await written(), 99);
  t.mock.timers.tick(1_000);
  report(99);
  await turn();
  assert.equal(Number(await revision(world.api)) - Number(idle), 3, 'what says nothing new is not written');
  assert.deepEqual((await world.fault()).status?.pods, ['bank-1']);
});

test('what several counters have counted adds up, and one that starts anew takes nothing back', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1', 'bank-2');
  const { metadata } = await world.create();
  await world.reconcile();
  const report = (counter: string, pod: string, delayed: number) =>
    world.surroundings.report(metadata.uid!, { counter, delayed, failed: 1, pods: [pod] });
  report('a', 'bank-1', 3);
  report('b', 'bank-2', 4);
  report('a', 'bank-1', 5);
  report('c', 'bank-1', 1);
  await world.controller.end(await world.fault());
  const { status } = await world.fault();
  assert.deepEqual(
    [status?.counts, status?.pods],
    [{ delayed: 10, failed: 3, dropped: 0, killed: 0, sent: 0 }, ['bank-1', 'bank-2']],
  );
});

test('what a fault cannot act on is its reason, while it acts and when it is over', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  const { metadata } = await world.create();
  await world.reconcile();
  world.surroundings.report(metadata.uid!, { counter: 'a', pods: ['bank-1'], remark: '2 are left alone' });
  await turn();
  assert.equal((await world.fault()).status?.reason, '2 are left alone');
  await world.reconcile();
  assert.equal((await world.fault()).status?.reason, '2 are left alone');
  world.now = 60_000;
  await world.reconcile();
  const { phase, reason } = (await world.fault()).status!;
  assert.deepEqual([phase, reason], ['Ended', '2 are left alone']);
});
