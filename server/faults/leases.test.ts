import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './testing/world.ts';

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

test('evidence goes on where the pods that counted it are replaced or restarted', async () => {
  const world = new World();
  const leases = world.leases();
  await leases.start({ kind: 'slow', target: 'bank' });
  world.pod = 'bank-2';
  world.delayed = 1;
  await leases.renew();
  assert.equal(leases.list()[0]?.evidence.delayed, 6);
  world.delayed = 4;
  await leases.renew();
  assert.deepEqual(leases.list()[0]?.evidence, { delayed: 9, failed: 0, pods: ['bank-1', 'bank-2'] });
  world.delayed = 2; // the container began anew, in the same pod
  await leases.renew();
  assert.equal(leases.list()[0]?.evidence.delayed, 11);
});

test('the last evidence is what the end itself answers', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  world.delayed = 8;
  assert.equal((await leases.stop(id)).evidence.delayed, 8);
  assert.equal(leases.list()[0]?.evidence.delayed, 8);
});

test('a momentary fault has ended when its start answers, and says which pod it hit', async () => {
  const world = new World();
  const leases = world.leases();
  const fault = await leases.start({ kind: 'kill', target: 'bank' });
  assert.deepEqual([fault.state, fault.endedBy, world.applied], ['ended', 'lease', 1]);
  assert.deepEqual(fault.evidence, { delayed: 0, failed: 0, pods: ['bank'] });
  assert.deepEqual(leases.list(), [fault]);
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

test('a fault that could not be ended is not renewed, and its end is tried again', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const { applied } = world;
  world.broken = new Error('the bank is gone');
  await assert.rejects(leases.stop(id), /the bank is gone/);
  await leases.renew();
  world.broken = null;
  await leases.renew();
  assert.deepEqual([world.applied, world.acting.size, leases.list()[0]?.endedBy], [applied, 0, 'stop']);
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

test('a pod that did not say what acts when the server restarted is asked again', async () => {
  const world = new World();
  const { id } = await world.leases().start({ kind: 'slow', target: 'bank' });
  const lease = world.acting.get(id)!;
  world.acting.clear();
  world.silent = ['bank-1'];
  const restarted = world.leases();
  await restarted.adopt();
  world.acting.set(id, lease);
  world.silent = [];
  await restarted.renew();
  assert.deepEqual(
    restarted.list().map((fault) => fault.id),
    [id],
  );
});

test('a fault that ends while the cluster is asked what acts is not taken for a new one', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const stopped: Promise<unknown>[] = [];
  world.onAsked = () => void stopped.push(leases.stop(id));
  await leases.adopt();
  await Promise.all(stopped);
  assert.deepEqual(
    leases.list().map(({ state }) => state),
    ['ended'],
  );
});

test('a fault whose end takes its time is not taken for a new one by who asked meanwhile', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const { applied } = world;
  const end = Promise.withResolvers<void>();
  world.gate = end.promise;
  const stop = leases.stop(id);
  world.now += 1_000;
  const answer = Promise.withResolvers<void>();
  world.answered = answer.promise;
  const asking = leases.adopt();
  world.now += 1_000;
  end.resolve();
  await stop;
  answer.resolve();
  await asking;
  await leases.renew();
  assert.deepEqual(
    leases.list().map(({ state, evidence }) => [state, evidence.delayed]),
    [['ended', 5]],
  );
  assert.equal(world.applied, applied);
  assert.equal(world.marks.list(world.now).find(({ kind }) => kind === 'fault-end')?.at, world.now);
});

test('a fault that is stopped while it is being renewed waits for that one call, and does not come back', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const { applied } = world;
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const renewals = [leases.renew(), leases.renew(), leases.renew()];
  const stop = leases.stop(id);
  gate.resolve();
  await Promise.all([...renewals, stop]);
  await leases.renew();
  assert.deepEqual([world.acting.size, world.applied], [0, applied + 1]);
});

test('an end that hangs is waited for, not asked for again', async () => {
  const world = new World();
  const leases = world.leases();
  await leases.start({ kind: 'slow', target: 'bank', duration: 1 });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  world.now += 1_000;
  const turns = [leases.renew(), leases.renew(), leases.renew()];
  gate.reject(new Error('no answer'));
  await Promise.all(turns);
  assert.equal(world.problems.length, 1);
});

test('a fault stopped twice at once ends once', async () => {
  const world = new World();
  const leases = world.leases();
  const { id } = await leases.start({ kind: 'slow', target: 'bank' });
  const both = await Promise.all([leases.stop(id), leases.stop(id)]);
  assert.deepEqual(both[0], both[1]);
  assert.equal(world.marks.list(world.now).filter(({ kind }) => kind === 'fault-end').length, 1);
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
