import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../cluster/embedded/testing/until.ts';
import { Marks } from '../marks.ts';
import { Faults } from './faults.ts';
import { FaultCluster } from './testing/fault-cluster.ts';

async function open(t: TestContext) {
  const world = await FaultCluster.open();
  t.after(() => world.close());
  const marks = new Marks();
  const problems: unknown[] = [];
  const outside: string[] = [];
  const server = () => {
    const faults = new Faults({
      ...{ cluster: world.cluster, marks, onProblem: (error) => void problems.push(error) },
      onOutside: (what) => void outside.push(what),
    });
    t.after(() => faults.close());
    return faults;
  };
  return { world, faults: server(), server, marks, problems, outside, api: world.api };
}

const slow = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 300, percent: 100 } };

test('a fault is an object in the cluster, acts with its defaults, and shows what it does as it does it', async (t) => {
  const { world, faults, marks, api } = await open(t);
  const fault = await faults.start({ kind: 'bank-slow', target: 'bank' });
  assert.deepEqual(fault.parameters, { delayMs: 3_000, percent: 60 });
  assert.deepEqual([fault.state, fault.share, fault.endsAt - fault.startedAt], ['active', '100%', 60_000]);
  assert.equal((await api.get('Fault', fault.id, 'shop')).spec.type, 'bank-slow');
  assert.equal(world.bankFaults.active().length, 1);
  while (world.bank.next().latencyMs === 0);
  await until('it is told of', () => faults.list()[0]!.evidence.delayed === 1);
  assert.deepEqual(faults.list()[0]!.evidence.pods, ['bank-1']);
  assert.deepEqual(
    marks.list().map(({ kind, label }) => [kind, label]),
    [['fault-start', 'Slow dependency: bank']],
  );
});

test('a fault that is stopped is over in the bank when the answer comes, and keeps its last counts for a minute', async (t) => {
  const { world, faults, marks } = await open(t);
  const { id } = await faults.start(slow);
  for (let calls = 0; calls < 8; calls++) world.bank.next();
  const stopped = await faults.stop(id);
  assert.deepEqual([stopped.state, stopped.endedBy, stopped.evidence.delayed], ['ended', 'stop', 8]);
  assert.equal(world.bank.next().latencyMs, 0);
  assert.deepEqual(faults.list(), [stopped]);
  assert.deepEqual(await faults.stop(id), stopped);
  assert.deepEqual(
    marks.list().map(({ kind }) => kind),
    ['fault-start', 'fault-end'],
  );
});

test('a fault ends by itself, and says so', async (t) => {
  const { faults } = await open(t);
  await faults.start({ ...slow, duration: 1 });
  await until('it has ended', () => faults.list()[0]!.state === 'ended');
  assert.equal(faults.list()[0]!.endedBy, 'lease');
});

test('a momentary fault has ended when its start answers, and says which pods it hit', async (t) => {
  const { world, faults } = await open(t);
  await world.bankPod('bank-2');
  await world.bankPod('bank-3');
  const one = await faults.start({ kind: 'pod-kill', target: 'bank-2' });
  assert.deepEqual([one.state, one.endedBy, one.evidence.pods], ['ended', 'lease', ['bank-2']]);
  const both = await faults.start({ kind: 'pod-kill', target: 'bank', share: '100%' });
  assert.deepEqual(both.evidence.pods.toSorted(), ['bank-1', 'bank-3']);
});

test('a node is hit in all of the scope that runs there, and in nothing else', async (t) => {
  const { world, faults } = await open(t);
  await world.bankPod('bank-2', { nodeName: 'node-2' });
  const fault = await faults.start({ kind: 'pod-kill', target: 'node-1', share: '100%' });
  assert.deepEqual([fault.target, fault.state, fault.evidence.pods], ['node-1', 'ended', ['bank-1']]);
  await assert.rejects(faults.start({ kind: 'pod-kill', target: 'node-1' }), {
    code: 'fault-failed',
    message: /no pod of its scope is on node-1/,
  });
  await assert.rejects(faults.start({ ...slow, target: 'node-2' }), { code: 'unknown-target' });
});

for (const [what, request, code] of [
  ['an unknown kind', { kind: 'meteor', target: 'bank' }, 'unknown-fault-kind'],
  ['a service that does not exist', { ...slow, target: 'moon' }, 'unknown-target'],
  ['an unknown parameter', { ...slow, parameters: { depth: 1 } }, 'unknown-parameter'],
  ['a parameter out of bounds', { ...slow, parameters: { delayMs: 30_001 } }, 'out-of-range'],
  ['a parameter that is no number', { ...slow, parameters: { delayMs: NaN } }, 'out-of-range'],
  ['a lease without end', { ...slow, duration: 1e9 }, 'out-of-range'],
  ['a lease of no time', { ...slow, duration: 0 }, 'out-of-range'],
  ['a share of nothing', { ...slow, share: '0%' }, 'out-of-range'],
] as const) {
  test(`${what} is refused, and nothing is made`, async (t) => {
    const { faults, api } = await open(t);
    await assert.rejects(faults.start(request), { code });
    assert.deepEqual((await api.list('Fault')).items, []);
  });
}

test('a restarted lab server finds the faults there are, also those that kubectl made', async (t) => {
  const { faults, server, api } = await open(t);
  const { id } = await faults.start(slow);
  const spec = { type: 'bank-failing', target: { service: 'bank' } } as never;
  await api.create('Fault', { metadata: { name: 'by-hand', namespace: 'shop' }, spec });
  faults.close();
  const restarted = server();
  await until('both are there and act', () => restarted.list().filter(({ endsAt }) => endsAt > 0).length === 2);
  assert.deepEqual(
    restarted
      .list()
      .map((fault) => fault.id)
      .sort(),
    [id, 'by-hand'].sort(),
  );
  assert.equal((await restarted.stop('by-hand')).state, 'ended');
});

test('what others do to faults with kubectl is told, what was asked for here is not, nor what was there before', async (t) => {
  const { faults, server, outside, api } = await open(t);
  await faults.ready();
  const spec = { type: 'bank-failing', target: { service: 'bank' } } as never;
  await api.create('Fault', { metadata: { name: 'by-hand', namespace: 'shop' }, spec });
  await until('its start is told', () => outside.length === 1);
  const { id } = await faults.start(slow);
  await api.delete('Fault', 'by-hand', 'shop');
  await until('its end is told', () => outside.length === 2);
  await faults.stop(id);
  assert.deepEqual(outside, [
    'started a fault: Failing dependency on bank',
    'stopped a fault: Failing dependency on bank',
  ]);

  await faults.start(slow);
  faults.close();
  await server().ready();
  assert.equal(outside.length, 2);
});

test('however many are asked for at once, sixteen begin', async (t) => {
  const { faults } = await open(t);
  const asked = await Promise.allSettled(Array.from({ length: 30 }, () => faults.start(slow)));
  const refused = asked.filter((each) => each.status === 'rejected').map(({ reason }) => reason.code as string);
  assert.deepEqual([faults.list().length, new Set(refused)], [16, new Set(['too-many-faults'])]);
});

test('the bank ends a fault by itself when the lab server and the cluster have died', async (t) => {
  const { world, faults } = await open(t);
  await faults.start({ ...slow, duration: 1 });
  faults.close();
  await world.close();
  assert.equal(world.bankFaults.active().length, 1);
  await until('it is over in the bank', () => world.bankFaults.active().length === 0);
  assert.equal(world.bank.next().latencyMs, 0);
});

test('a restarted controller adopts what acts, without a second beginning, and ends it in time', async (t) => {
  const { world, faults } = await open(t);
  await faults.start({ ...slow, duration: 2 });
  world.bank.next();
  await until('it is told of', () => faults.list()[0]!.evidence.delayed === 1);
  await world.restartController();
  world.bank.next();
  await until('it counts on', () => faults.list()[0]!.evidence.delayed > 1);
  await until('it has ended', () => faults.list()[0]!.state === 'ended');
  assert.equal(world.bankFaults.active().length, 0);
});

test('each type says what it can act on, or why it cannot', async (t) => {
  const { world, faults } = await open(t);
  const named = ['bank-slow', 'edge-latency', 'pod-kill', 'drift-setting', 'node-drain'];
  const kinds = faults.kinds().filter(({ id }) => named.includes(id));
  assert.deepEqual(
    kinds.map(({ id, targets, reason }) => [id, targets, reason]),
    [
      ['bank-slow', ['bank'], null],
      ['edge-latency', [], 'There is nothing here that it could act on now.'],
      ['pod-kill', ['bank-1'], null],
      ['node-drain', ['node-1'], null],
      ['drift-setting', [], 'There is nothing here that it could act on now.'],
    ],
  );
  assert.deepEqual(kinds[2]!.otherTargets, [
    { kind: 'service', names: ['bank'] },
    { kind: 'node', names: ['node-1'] },
  ]);
  world.carriers = ['pod-deletion'];
  const [without] = faults.kinds();
  assert.deepEqual([without?.targets, without?.reason], [[], 'Needs admin-port; this cluster has pod-deletion.']);
  await assert.rejects(faults.start(slow), { code: 'fault-failed', message: /Needs admin-port/ });
});

test('stopping an unknown fault is refused', async (t) => {
  const { faults } = await open(t);
  await assert.rejects(faults.stop('slow-1'), { code: 'unknown-fault' });
});
