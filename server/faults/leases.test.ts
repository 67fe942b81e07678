import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';
import { Marks } from '../marks.ts';
import { Leases } from './leases.ts';

/** A driver with a world of its own: the leases that act, as they would in a cluster, ended by its own clock. */
class World {
  now = 1_700_000_000_000;
  acting = new Map<string, Lease>();
  applied = 0;
  delayed = 5;
  problems: unknown[] = [];
  broken: Error | null = null;
  /** While set, `apply` waits for it. */
  gate: Promise<void> | null = null;

  readonly fault: Fault = {
    id: 'slow',
    title: 'Slow',
    category: 'dependency',
    summary: 'Slow.',
    targetKind: 'service',
    parameters: [{ name: 'delayMs', label: 'Delay', unit: 'ms', min: 0, max: 1000, default: 300 }],
    duration: { default: 60, max: 900 },
    targets: async () => ['bank'],
    apply: async (_cluster, lease) => {
      await this.gate;
      if (this.broken) throw this.broken;
      this.applied += 1;
      this.acting.set(lease.id, lease);
    },
    recover: async (_cluster, lease) => {
      if (this.broken) throw this.broken;
      this.acting.delete(lease.id);
    },
    evidence: async () => ({ delayed: this.delayed, failed: 0, pods: ['bank-1'] }),
    active: async () => [...this.acting.values()],
  };
  readonly kill: Fault = {
    ...this.fault,
    id: 'kill',
    duration: { default: 0, max: 0 },
    parameters: [],
    apply: async () => void (this.applied += 1),
    active: async () => [],
  };
  readonly marks = new Marks();

  leases(): Leases {
    const { fault, kill, marks } = this;
    const onProblem = (error: unknown) => void this.problems.push(error);
    return new Leases({ cluster: {} as Cluster, faults: [fault, kill], marks, now: () => this.now, onProblem });
  }
}

test('a fault starts with its defaults, acts, and shows evidence', async () => {
  const world = new World();
  const leases = world.leases();
  const fault = await leases.start({ kind: 'slow', target: 'bank' });
  assert.deepEqual(fault.parameters, { delayMs: 300 });
  assert.equal(fault.endsAt - fault.startedAt, 60_000);
  assert.deepEqual(fault.evidence, { delayed: 5, failed: 0, pods: ['bank-1'] });
  assert.deepEqual([...world.acting.keys()], [fault.id]);
  assert.deepEqual(
    world.marks.list(world.now).map(({ kind }) => kind),
    ['fault-start'],
  );
});

test('it is applied again until its lease ends, and is listed for a minute more', async () => {
  const world = new World();
  const leases = world.leases();
  await leases.start({ kind: 'slow', target: 'bank', duration: 2 });
  const once = world.applied;
  world.now += 1_000;
  await leases.renew();
  assert.equal(world.applied, once + 1);
  world.now += 1_000;
  await leases.renew();
  assert.deepEqual([leases.list()[0]?.state, leases.list()[0]?.endedBy, world.acting.size], ['ended', 'lease', 0]);
  world.now += 59_000;
  await leases.renew();
  assert.equal(leases.list().length, 1);
  world.now += 2_000;
  await leases.renew();
  assert.equal(leases.list().length, 0);
});

test('evidence never goes back when the pods that counted it are replaced', async () => {
  const world = new World();
  const leases = world.leases();
  await leases.start({ kind: 'slow', target: 'bank' });
  world.delayed = 1;
  await leases.renew();
  assert.equal(leases.list()[0]?.evidence.delayed, 5);
});

test('a momentary fault has ended when its start answers', async () => {
  const world = new World();
  const fault = await world.leases().start({ kind: 'kill', target: 'bank' });
  assert.deepEqual([fault.state, fault.endedBy, world.applied], ['ended', 'lease', 1]);
});

for (const [what, request, code] of [
  ['an unknown kind', { kind: 'meteor', target: 'bank' }, 'unknown-fault-kind'],
  ['a service that does not exist', { kind: 'slow', target: 'moon' }, 'unknown-target'],
  ['an unknown parameter', { kind: 'slow', target: 'bank', parameters: { depth: 1 } }, 'unknown-parameter'],
  ['a parameter out of bounds', { kind: 'slow', target: 'bank', parameters: { delayMs: 1001 } }, 'out-of-range'],
  ['a lease without end', { kind: 'slow', target: 'bank', duration: 1e9 }, 'out-of-range'],
  ['a lease of no time', { kind: 'slow', target: 'bank', duration: 0 }, 'out-of-range'],
] as const) {
  test(`${what} is refused, and nothing acts`, async () => {
    const world = new World();
    const leases = world.leases();
    await assert.rejects(leases.start(request), { code });
    assert.deepEqual([world.applied, leases.list().length], [0, 0]);
  });
}

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

test('stop all says what it could not end, and the next turn tries again', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank', duration: 1 });
  world.broken = new Error('the bank is gone');
  assert.deepEqual(await leases.stopAll(), { stopped: [], remaining: [id], blocked: true });
  assert.equal(world.problems.length, 1);
  world.broken = null;
  world.now += 1_000;
  await leases.renew();
  assert.equal(world.acting.size, 0);
});

test('stop all also ends what was started by others', async () => {
  const world = new World();
  const now = world.now;
  const foreign = { id: 'kubectl', fault: 'slow', target: 'bank', parameters: {}, startedAt: now, endsAt: now + 9_000 };
  world.acting.set('kubectl', foreign);
  assert.deepEqual(await world.leases().stopAll(), { stopped: ['kubectl'], remaining: [], blocked: true });
});

test('a restarted server adopts what acts, and ends it in time', async () => {
  const world = new World();
  const { id } = await world.leases().start({ kind: 'slow', target: 'bank', duration: 5 });
  const restarted = world.leases();
  await restarted.adopt();
  assert.deepEqual(
    restarted.list().map((fault) => [fault.id, fault.state]),
    [[id, 'active']],
  );
  world.now += 5_000;
  await restarted.renew();
  assert.equal(world.acting.size, 0);
});

test('a fault that is stopped while it is being renewed does not come back', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const renewal = leases.renew();
  const stop = leases.stop(id);
  gate.resolve();
  await Promise.all([renewal, stop]);
  await leases.renew();
  assert.equal(world.acting.size, 0);
});

test('a fault whose driver fails to start is not listed', async () => {
  const world = new World();
  const leases = world.leases();
  world.broken = new Error('no pod answers');
  await assert.rejects(leases.start({ kind: 'slow', target: 'bank' }), {
    code: 'fault-failed',
    message: /no pod answers/,
  });
  assert.deepEqual(leases.list(), []);
});

test('stopping an unknown fault is refused', async () => {
  await assert.rejects(new World().leases().stop('slow-1'), { code: 'unknown-fault' });
});
