import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';
import { condition, log, make, read, ready } from '../pods.ts';

/** Adds a container to the pod `some`, as kubectl debug does. */
function debug({ api, core }: World, container: object) {
  const spec = { ephemeralContainers: [{ name: 'probe', image: 'node:24', ...container }] };
  return api.patch(core('pods/some/ephemeralcontainers'), 'strategic-merge', { spec });
}

async function ended(world: World): Promise<void> {
  await eventually('it has ended', async () => {
    const { status } = await read(world);
    return status.ephemeralContainerStatuses?.[0]?.state.terminated;
  });
}

export const ephemeralContainers = topic('ephemeral containers', {
  'one is added to a pod that runs, and is not started again': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    ok(await debug(world, { command: ['node', '-e', 'console.log("inside"); process.exit(3)'] }));
    await ended(world);
    assert.equal(await log(world, '?container=probe'), 'inside\n');
    const some = await read(world);
    const [{ name, ready: isReady, restartCount, state }] = some.status.ephemeralContainerStatuses;
    assert.deepEqual([name, isReady, restartCount, state.terminated.exitCode], ['probe', false, 0, 3]);
    assert.equal(condition(some, 'Ready').status, 'True');
    assert.equal(some.status.phase, 'Running');
  },
  'one sees the volumes that it mounts': async (world) => {
    const mounts = { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] };
    const write = `require('node:fs').writeFileSync('/scratch/word', 'left here');`;
    await make(world, pod('some', write + idle, mounts, { volumes: [{ name: 'scratch', emptyDir: {} }] }));
    await ready(world);
    const code = `console.log(require('node:fs').readFileSync('/scratch/word', 'utf8'))`;
    ok(await debug(world, { command: ['node', '-e', code], ...mounts }));
    await ended(world);
    assert.equal(await log(world, '?container=probe'), 'left here\n');
  },
  'one that is there can be neither changed nor removed': async (world) => {
    await make(world, pod('some', idle));
    ok(await debug(world, { command: ['node', '-e', ''] }));
    const path = world.core('pods/some/ephemeralcontainers');
    const changed = await world.api.patch(path, 'strategic-merge', {
      spec: { ephemeralContainers: [{ name: 'probe', image: 'node:24', command: ['other'] }] },
    });
    assert.equal(changed.status, 422);
    assert.match(changed.body.message, /existing ephemeral containers "probe" may not be changed/);
    const removed = await world.api.patch(path, 'merge', { spec: { ephemeralContainers: null } });
    assert.equal(removed.status, 422);
    assert.match(removed.body.message, /existing ephemeral containers "probe" may not be removed/);
  },
  'one has no ports and no probes': async (world) => {
    await make(world, pod('some', idle));
    const { status, body } = await debug(world, { ports: [{ containerPort: 8080 }] });
    assert.equal(status, 422);
    assert.match(
      body.message,
      /spec\.ephemeralContainers\[0\]\.ports: Forbidden: cannot be set for an Ephemeral Container/,
    );
  },
  'none is there from the start, of a pod or of a template': async ({ api, core, apps }) => {
    const spec = { ...pod('some', idle).spec, ephemeralContainers: [{ name: 'probe', image: 'node:24' }] };
    const made = await api.post(core('pods'), { ...pod('some', idle), spec });
    assert.equal(made.status, 422);
    assert.match(made.body.message, /spec\.ephemeralContainers: Forbidden: cannot be set on create/);
    const template = { metadata: { labels: { app: 'some' } }, spec };
    const selector = { matchLabels: { app: 'some' } };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'some' } };
    const answer = await api.post(apps('deployments'), { ...deployment, spec: { selector, template } });
    assert.equal(answer.status, 422);
    assert.match(answer.body.message, /spec\.template\.spec\.ephemeralContainers: Forbidden/);
  },
  'they are no part of a pod’s spec to whoever writes that': async (world) => {
    await make(world, pod('some', idle));
    const spec = { ephemeralContainers: [{ name: 'probe', image: 'node:24' }] };
    const answer = await world.api.patch(world.core('pods/some'), 'strategic-merge', { spec });
    assert.equal(answer.status, 422);
    assert.match(answer.body.message, /pod updates may not change fields other than/);
  },
});
