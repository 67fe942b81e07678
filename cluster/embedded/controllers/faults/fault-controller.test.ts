import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultType } from '../../../faults/fault-type.ts';
import { bankSlow } from '../../../faults/bank-slow.ts';
import { podKill } from '../../../faults/pod-kill.ts';
import { revision } from '../../testing/controller-fixture.ts';
import { FaultWorld, start } from './testing/fault-world.ts';

const at = (ms: number) => new Date(start + ms).toISOString();

test('a fault acts on the pods of its target for its lease, and says so', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1', 'orders-1');
  const { metadata } = await world.create();
  assert.equal(await world.reconcile(), 60_000);
  assert.deepEqual(world.hit(), ['bank-1']);
  const order = world.acting.get(metadata.uid!)!;
  assert.deepEqual(
    [order.remainingMs, order.what],
    [60_000, { behaviour: 'slow', parameters: { delayMs: 3000, percent: 60 } }],
  );
  const { status, metadata: held } = await world.fault();
  assert.deepEqual(status, { phase: 'Active', startedAt: at(0), endsAt: at(60_000), undo: { state: 'Pending' } });
  assert.deepEqual(held.finalizers, ['faults.breakwater.dev/undo']);
});

test('with nothing to do it writes nothing', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  const before = await revision(world.api);
  await world.reconcile('none');
  assert.equal(await revision(world.api), before);
  await world.create();
  await world.reconcile();
  const acting = await revision(world.api);
  await world.reconcile();
  assert.equal(await revision(world.api), acting);
});

test('it ends when its lease is over, is kept for a minute, and is then deleted', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create({ duration: '5s' });
  await world.reconcile();
  world.now = 5_000;
  assert.equal(await world.reconcile(), 60_000);
  assert.equal(world.acting.size, 0);
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.endedAt, status?.undo], ['Ended', at(5_000), { state: 'Done' }]);
  world.now = 64_999;
  assert.equal(await world.reconcile(), 1);
  world.now = 65_000;
  await world.reconcile();
  await assert.rejects(world.fault(), { code: 'NotFound' });
});

test('a deletion is complete once its effect is gone', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  world.silent = ['bank-1'];
  await world.api.delete('Fault', 'slow', 'shop');
  assert.equal(await world.reconcile(), 500);
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.undo], ['Ending', { state: 'Pending', silent: ['bank-1'] }]);
  assert.match(status!.reason!, /bank-1 did not answer/);
  world.silent = [];
  await world.reconcile();
  await assert.rejects(world.fault(), { code: 'NotFound' });
  assert.equal(world.acting.size, 0);
});

test('who is silent beyond the end of the lease holds nothing up: it has ended the fault by itself', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create({ duration: '5s' });
  await world.reconcile();
  world.silent = ['bank-1'];
  await world.api.delete('Fault', 'slow', 'shop');
  await world.reconcile();
  world.now = 5_000;
  await world.reconcile();
  await assert.rejects(world.fault(), { code: 'NotFound' });
});

test('a fault that is deleted before it began leaves nothing', async () => {
  const world = await FaultWorld.open();
  await world.create();
  await world.api.delete('Fault', 'slow', 'shop');
  await world.reconcile();
  assert.deepEqual([world.acting.size, world.undone], [0, []]);
});

test('a fault that is stopped while it is being carried out does not come back', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  await world.pods('bank-2');
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const again = world.reconcile();
  await world.controller.end(await world.fault());
  gate.resolve();
  await again;
  assert.equal((await world.fault()).status?.phase, 'Ended');
});

test('a fault that is taken away without waiting for its end is ended all the same', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  await world.api.patch('Fault', 'slow', 'shop', { metadata: { finalizers: null } });
  await world.api.delete('Fault', 'slow', 'shop');
  const { metadata } = await world.create();
  await world.reconcile();
  assert.deepEqual([...world.acting.keys()], [metadata.uid]);
});

test('pods born while it lasts are hit, and a fixed share stays where it is', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1', 'bank-2');
  await world.create();
  await world.create({ share: 'one' }, 'one');
  await world.reconcile();
  await world.reconcile('one');
  assert.equal(world.hit().length, 3);
  const one = () => [...world.acting.values()].find(({ pods }) => pods.length === 1)?.pods[0]?.metadata.name;
  const first = one();
  await world.pods('bank-3', 'bank-4');
  await world.reconcile();
  await world.reconcile('one');
  assert.deepEqual([world.hit().length, one()], [5, first]);
  await world.api.delete('Pod', first!, 'shop', { gracePeriodSeconds: 0 });
  await world.reconcile('one');
  assert.notEqual(one(), first);
});

test('half of five pods are three', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1', 'bank-2', 'bank-3', 'bank-4', 'bank-5');
  await world.create({ share: '50%' });
  await world.reconcile();
  assert.equal(world.hit().length, 3);
});

test('pods of other namespaces of the scope are hit as well, and of other scopes are not', async () => {
  const world = await FaultWorld.open();
  for (const [name, scope] of [
    ['bank', 'shop'],
    ['lane-b', 'lane-b'],
  ] as const) {
    await world.api.create('Namespace', { metadata: { name, labels: { 'breakwater.dev/scope': scope } } });
    const metadata = { name: `bank-in-${name}`, namespace: name, labels: { app: 'bank' } };
    await world.api.create('Pod', { metadata, spec: { containers: [{ name: 'service', image: 'x' }] } });
  }
  await world.create();
  await world.reconcile();
  assert.deepEqual(world.hit(), ['bank-in-bank']);
});

test('what is not there now is waited for, and the reason says what', async () => {
  const world = await FaultWorld.open();
  await world.create({ type: 'edge-latency', target: { edge: 'orders>bank' } });
  assert.equal(await world.reconcile(), 60_000);
  assert.match((await world.fault()).status!.reason!, /no Service bank/);
  await world.api.create('Service', { metadata: { name: 'bank', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } });
  await world.reconcile();
  assert.match((await world.fault()).status!.reason!, /no pod of orders/);
  await world.pods('orders-1');
  await world.reconcile();
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.reason, world.hit()], ['Active', undefined, ['orders-1']]);
});

test('who could not be reached is named, and tried again soon', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1', 'bank-2');
  world.unreached = [{ pod: 'bank-2', why: 'no answer for 600 ms' }];
  await world.create();
  assert.equal(await world.reconcile(), 500);
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.reason], ['Active', 'bank-2: no answer for 600 ms']);
});

test('one that can never reach any of its pods fails, and one that reaches some acts on those', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  world.unreached = [{ pod: 'bank-1', why: 'it is no program of Node', forGood: true }];
  await world.create();
  await world.reconcile();
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.reason], ['Failed', 'it is no program of Node']);
  await world.pods('bank-2');
  await world.create({}, 'some');
  assert.equal(await world.reconcile('some'), 60_000, 'nobody is tried again');
  assert.equal((await world.fault('some')).status?.phase, 'Active');
});

test('what cannot act here fails with the reason, at once', async () => {
  const world = await FaultWorld.open([
    bankSlow,
    podKill,
    { ...bankSlow, id: 'bank-failing', carriers: [] } as FaultType,
  ]);
  await world.pods('vault-1');
  await world.create({ target: { service: 'vault' } }, 'vault');
  await world.create({ type: 'pod-kill', target: { pod: 'vault-1' }, duration: '0s' }, 'kill');
  await world.create({ type: 'edge-latency', target: { edge: 'a>b' } }, 'unknown');
  for (const [name, reason] of [
    ['vault', /vaults cannot be hit/],
    ['kill', /pod-kill needs pod-deletion, and this cluster has admin-port, pod-network/],
    ['unknown', /no type of fault "edge-latency" here/],
  ] as const) {
    await world.reconcile(name);
    const { status } = await world.fault(name);
    assert.equal(status?.phase, 'Failed');
    assert.match(status.reason!, reason);
  }
  assert.equal(world.acting.size, 0);
});

test('a restarted controller goes on with what is left of the lease, and with what was counted', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  const { metadata } = await world.create({ duration: '10s' });
  await world.reconcile();
  world.surroundings.report(metadata.uid!, { counter: 'a', delayed: 5, pods: ['bank-1'] });
  world.acting.clear();
  world.now = 4_000;
  world.restarted();
  assert.equal(await world.reconcile(), 6_000);
  assert.equal(world.acting.get(metadata.uid!)?.remainingMs, 6_000);
  world.surroundings.report(metadata.uid!, { counter: 'b', delayed: 2, pods: ['bank-1'] });
  world.now = 10_000;
  await world.reconcile();
  const { status } = await world.fault();
  assert.deepEqual([status?.phase, status?.endsAt, status?.counts?.delayed], ['Ended', at(10_000), 7]);
});

test('a clock that was set back while the controller was away makes no lease longer than it was to be', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create({ duration: '10s' });
  await world.reconcile();
  world.now = -3_600_000;
  world.restarted();
  assert.equal(await world.reconcile(), 10_000);
});

test('a fault whose end failed before a restart is ended after it', async () => {
  const world = await FaultWorld.open();
  await world.pods('bank-1');
  await world.create();
  await world.reconcile();
  world.silent = ['bank-1'];
  await world.api.delete('Fault', 'slow', 'shop');
  await world.reconcile();
  world.restarted();
  world.silent = [];
  await world.reconcile();
  assert.equal(world.acting.size, 0);
});
