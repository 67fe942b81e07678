import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';
import { container, event, log, make, ready, row } from '../pods.ts';

/** Says what it is asked for, and when it is asked to go; then it goes. */
const talking = `
require('node:http').createServer((request, response) => { console.log(request.url); response.end(); }).listen(8080);
process.on('SIGTERM', () => { console.log('going'); process.exit(0); });`;
/** Asks it, until it answers. */
const asking = (path: string) => ({
  exec: {
    command: [
      ...['node', '-e'],
      `const ask = () => fetch('http://127.0.0.1:8080${path}').catch(() => setTimeout(ask, 50)); ask()`,
    ],
  },
});
const failing = { exec: { command: ['node', '-e', 'process.exit(1)'] } };
/** Ends a container soon, gracefully, in a pod that stays. */
const deadly = { exec: { command: ['node', '-e', 'process.exit(1)'] }, periodSeconds: 1, failureThreshold: 1 };

export const hooks = topic('hooks', {
  'postStart is run in the container': async (world) => {
    await make(world, pod('some', talking, { lifecycle: { postStart: asking('/started') } }));
    await ready(world);
    assert.equal(await log(world), '/started\n');
  },
  'a container runs once its postStart is through': async (world) => {
    const asked = Date.now();
    const lifecycle = { postStart: { sleep: { seconds: 3 } } };
    await make(world, pod('some', idle, { lifecycle }, { terminationGracePeriodSeconds: 5 }));
    await ready(world);
    assert.ok(Date.now() - asked >= 3000);
    assert.equal((await container(world)).restartCount, 0);
  },
  'a postStart that fails ends the container': async (world) => {
    await make(world, pod('some', idle, { lifecycle: { postStart: failing } }));
    const failed = await event(world, 'FailedPostStartHook');
    assert.equal(failed.type, 'Warning');
    assert.equal(failed.message, 'PostStartHook failed');
    assert.equal((await event(world, 'Killing')).message, 'FailedPostStartHook');
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
  },
  'a postStart by http is sent to the pod': async (world) => {
    const lifecycle = { postStart: { httpGet: { port: 9 } } };
    await make(world, pod('some', idle, { lifecycle }, { restartPolicy: 'Never' }));
    await event(world, 'FailedPostStartHook');
    await eventually('it has ended', async () => (await container(world))?.state.terminated);
  },
  'a hook by tcpSocket fails': async (world) => {
    await make(world, pod('some', idle, { lifecycle: { postStart: { tcpSocket: { port: 8080 } } } }));
    await event(world, 'FailedPostStartHook');
  },
  'preStop comes before the container is asked to go': async (world) => {
    const lifecycle = { preStop: asking('/stopping') };
    await make(
      world,
      pod('some', talking, { livenessProbe: deadly, lifecycle }, { terminationGracePeriodSeconds: 20 }),
    );
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    assert.equal(await log(world, '?previous=true'), '/stopping\ngoing\n');
  },
  'preStop by http is sent to the pod': async (world) => {
    const lifecycle = { preStop: { httpGet: { port: 8080, path: '/stopping' } } };
    const livenessProbe = { ...deadly, initialDelaySeconds: 2 };
    await make(world, pod('some', talking, { livenessProbe, lifecycle }, { terminationGracePeriodSeconds: 20 }));
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    assert.equal(await log(world, '?previous=true'), '/stopping\ngoing\n');
  },
  'a preStop that fails is told, and the container goes': async (world) => {
    await make(world, pod('some', idle, { lifecycle: { preStop: failing } }, { terminationGracePeriodSeconds: 20 }));
    await ready(world);
    ok(await world.api.delete(world.core('pods/some')));
    const failed = await event(world, 'FailedPreStopHook');
    assert.equal(failed.type, 'Warning');
    assert.equal(failed.message, 'PreStopHook failed');
    await eventually('it is gone', async () => (await world.api.get(world.core('pods/some'))).status === 404);
  },
  'a preStop as long as the grace leaves two seconds to end': async (world) => {
    const code = `process.on('SIGTERM', () => { setTimeout(() => process.exit(7), 1000); }); setInterval(() => {}, 1000)`;
    const lifecycle = { preStop: { sleep: { seconds: 1 } } };
    await make(world, pod('some', code, { livenessProbe: { ...deadly, initialDelaySeconds: 1 }, lifecycle }));
    const { exitCode } = await eventually('it has ended', async () => (await container(world))?.lastState.terminated);
    assert.equal(exitCode, 7);
  },
  'a pod that is deleted is terminating while its preStop runs, and no probe ends it': async (world) => {
    const lifecycle = { preStop: { sleep: { seconds: 4 } } };
    // Well for two seconds, which is when it is deleted.
    const code = `const begun = Date.now(); process.on('SIGTERM', () => process.exit(0));
      require('node:http').createServer((_, response) => {
        response.statusCode = Date.now() - begun < 2000 ? 200 : 500; response.end(); }).listen(8080);`;
    const livenessProbe = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1 };
    const spec = { terminationGracePeriodSeconds: 20 };
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
    await make(world, pod('some', code, { lifecycle, livenessProbe, readinessProbe }, spec));
    await ready(world);
    ok(await world.api.delete(world.core('pods/some')));
    assert.equal((await row(world)).Status, 'Terminating');
    await eventually('it is gone', async () => (await world.api.get(world.core('pods/some'))).status === 404);
    const { items } = ok(await world.api.get(world.core('events')));
    const kills = items.filter(({ reason }: { reason: string }) => reason === 'Killing');
    assert.deepEqual(
      kills.map(({ message }: { message: string }) => message),
      ['Stopping container main'],
    );
  },
});
