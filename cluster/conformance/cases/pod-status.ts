import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';
import { condition, container, event, inPhase, make, read, ready, row } from '../pods.ts';

const once = { restartPolicy: 'Never' };

export const podStatus = topic('pod status', {
  'the end of its log is the message of a container that has failed, where it says so': async (world) => {
    const code = `for (let line = 0; line < 100; line++) console.log('line ' + line); process.exitCode = 3`;
    const container = { terminationMessagePolicy: 'FallbackToLogsOnError' };
    await make(world, pod('some', code, container, { restartPolicy: 'Never' }));
    const { status } = await inPhase(world, 'Failed');
    const { message, exitCode } = status.containerStatuses[0].state.terminated;
    assert.equal(exitCode, 3);
    assert.match(message, /^line 20\n[^]*line 99\n$/);
  },
  'a pod with its network is ready to start containers': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    assert.equal(condition(await read(world), 'PodReadyToStartContainers').status, 'True');
    assert.equal((await row(world)).Status, 'Running');
    assert.equal((await row(world)).Ready, '1/1');
  },
  'one that has succeeded is completed': async (world) => {
    await make(world, pod('some', '0', {}, once));
    const some = await inPhase(world, 'Succeeded');
    for (const type of ['Ready', 'ContainersReady']) {
      assert.equal(condition(some, type).status, 'False');
      assert.equal(condition(some, type).reason, 'PodCompleted');
    }
    assert.equal(condition(some, 'Initialized').status, 'True');
    assert.equal((await row(world)).Status, 'Completed');
    assert.equal((await row(world)).Ready, '0/1');
  },
  'one that has failed is in error': async (world) => {
    await make(world, pod('some', 'process.exit(3)', {}, once));
    const some = await inPhase(world, 'Failed');
    assert.equal(condition(some, 'Ready').reason, 'PodFailed');
    assert.equal((await row(world)).Status, 'Error');
  },
  'one of whose containers one has failed goes on with the other': async (world) => {
    const some = pod('some', 'process.exit(3)', {}, once);
    some.spec.containers.push({ name: 'other', image: 'node:24', command: ['node', '-e', idle] });
    await make(world, some);
    await eventually('the other runs alone', async () => {
      return (await container(world))?.state.terminated && (await container(world, 'other')).state.running;
    });
    const { status } = await inPhase(world, 'Running');
    assert.equal(status.containerStatuses.length, 2);
    assert.equal((await row(world)).Status, 'Error');
    assert.equal((await row(world)).Ready, '1/2');
  },
  'a crash loop says how long it waits': async (world) => {
    await make(world, pod('some', 'process.exit(1)'));
    const { message } = await eventually('it waits', async () => {
      const waiting = (await container(world))?.state.waiting;
      return waiting?.reason === 'CrashLoopBackOff' && waiting;
    });
    assert.match(message, /^back-off \d+s restarting failed container=main pod=some_/);
    assert.ok((await container(world)).restartCount >= 1);
    assert.equal((await row(world)).Status, 'CrashLoopBackOff');
    assert.match((await event(world, 'BackOff')).message, /^Back-off restarting failed container main in pod some_/);
  },
  'a crash loop begins with ten seconds': async (world) => {
    await make(world, pod('some', 'process.exit(1)'));
    const { message } = await eventually('it waits', async () => {
      const waiting = (await container(world))?.state.waiting;
      return waiting?.reason === 'CrashLoopBackOff' && waiting;
    });
    assert.match(message, /^back-off 10s /);
  },
  'a start is told in events': async (world) => {
    await make(world, pod('some', idle));
    assert.equal((await event(world, 'Pulled')).message, 'Container image "node:24" already present on machine');
    assert.match((await event(world, 'Created')).message, /^Created container: main/);
    const started = await event(world, 'Started');
    assert.match(started.message, /^Started container main/);
    assert.equal(started.involvedObject.fieldPath, 'spec.containers{main}');
    assert.equal(started.source.component, 'kubelet');
  },
  'a readiness gate is met by a condition of somebody else': async (world) => {
    const readinessGates = [{ conditionType: 'example.com/Gate' }];
    await make(world, pod('some', idle, {}, { readinessGates }));
    await eventually(
      'the containers are',
      async () => condition(await read(world), 'ContainersReady')?.status === 'True',
    );
    const before = condition(await read(world), 'Ready');
    assert.equal(before.status, 'False');
    assert.equal(before.reason, 'ReadinessGatesNotReady');
    assert.equal(before.message, 'corresponding condition of pod readiness gate "example.com/Gate" does not exist.');
    const set = async (status: string) => {
      const conditions = [{ type: 'example.com/Gate', status }];
      ok(await world.api.patch(world.core('pods/some/status'), 'strategic-merge', { status: { conditions } }));
    };
    await set('False');
    await eventually('it says why not', async () => {
      const { message } = condition(await read(world), 'Ready');
      return message === 'the status of pod readiness gate "example.com/Gate" is not "True", but False';
    });
    await set('True');
    await ready(world);
    assert.ok(condition(await read(world), 'example.com/Gate'));
  },
  'conditions of others outlive a change of one’s own': async (world) => {
    await make(world, pod('some', 'setTimeout(() => {}, 3000)', {}, once));
    await ready(world);
    const conditions = [{ type: 'example.com/Mine', status: 'True', reason: 'Because' }];
    ok(await world.api.patch(world.core('pods/some/status'), 'strategic-merge', { status: { conditions } }));
    const some = await inPhase(world, 'Succeeded');
    assert.equal(condition(some, 'example.com/Mine').reason, 'Because');
  },
  'one has a deadline': async (world) => {
    await make(world, pod('some', idle, {}, { activeDeadlineSeconds: 2 }));
    const { status } = await inPhase(world, 'Failed');
    assert.equal(status.reason, 'DeadlineExceeded');
    assert.equal(status.message, 'Pod was active on the node longer than the specified deadline');
    await eventually('its container has ended', async () => (await container(world))?.state.terminated);
    await event(world, 'DeadlineExceeded');
  },
});
