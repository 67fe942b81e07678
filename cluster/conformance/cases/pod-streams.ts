import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import type { Channels } from '../channels.ts';
import { idle, pod, web } from '../objects.ts';
import { log, make, ready } from '../pods.ts';
import { eventually } from '../eventually.ts';

const [stdin, stdout, stderr, status, close] = [0, 1, 2, 3, 255];

/** Runs Node code in the pod `some`. */
function exec({ api, core }: World, code: string, query = 'stdout=true&stderr=true'): Promise<Channels> {
  const command = ['node', '-e', code].map((word) => `command=${encodeURIComponent(word)}`).join('&');
  return api.connect(core(`pods/some/exec?${command}&${query}`), 'v5.channel.k8s.io');
}

/** How it has ended. */
async function statusOf(channels: Channels): Promise<Json> {
  await channels.closed();
  return JSON.parse(channels.heard(status).toString());
}

async function running(world: World, code = idle, container: object = {}, spec: object = {}): Promise<void> {
  await make(world, pod('some', code, container, spec));
  await ready(world);
}

/** The pod `some` has two containers. */
async function two(world: World): Promise<void> {
  const { containers } = pod('some', idle, { env: [{ name: 'WHO', value: 'second' }] }).spec;
  await make(world, {
    ...pod('some', idle),
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [...pod('some', idle).spec.containers, { ...containers[0], name: 'second' }],
    },
  });
  await ready(world);
}

export const podStreams = topic('pod streams', {
  'exec tells outputs apart, and that a command has ended well': async (world) => {
    await running(world);
    const channels = await exec(world, 'console.log("out"); console.error("err")');
    assert.equal((await statusOf(channels)).status, 'Success');
    assert.equal(channels.heard(stdout).toString(), 'out\n');
    assert.equal(channels.heard(stderr).toString(), 'err\n');
  },
  'exec tells the exit code': async (world) => {
    await running(world);
    const ended = await statusOf(await exec(world, 'process.exit(3)'));
    assert.equal(ended.status, 'Failure');
    assert.equal(ended.reason, 'NonZeroExitCode');
    assert.deepEqual(ended.details.causes, [{ reason: 'ExitCode', message: '3' }]);
  },
  'exec leaves what a command has started in the background to the container': async (world) => {
    await running(world);
    const start = "require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' })";
    const channels = await exec(world, `const child = ${start}; console.log(child.pid); child.unref()`);
    assert.equal((await statusOf(channels)).status, 'Success');
    const pid = Number(channels.heard(stdout).toString());
    // Of one that was killed an entry may be left, in state Z.
    const look = `console.log(require('node:fs').readFileSync('/proc/${pid}/stat', 'utf8'))`;
    const later = await exec(world, look);
    assert.equal((await statusOf(later)).status, 'Success');
    assert.match(later.heard(stdout).toString(), /\(sleep\) [^Z]/);
  },
  'exec carries what is typed until the client closes that channel': async (world) => {
    await running(world);
    const channels = await exec(world, 'process.stdin.pipe(process.stdout)', 'stdin=true&stdout=true');
    channels.send(stdin, 'hello');
    await channels.until(stdout, /^hello$/);
    channels.send(close, Buffer.of(stdin));
    assert.equal((await statusOf(channels)).status, 'Success');
  },
  'exec runs in the container that is named': async (world) => {
    await two(world);
    const channels = await exec(world, 'console.log(process.env.WHO)', 'stdout=true&container=second');
    assert.equal((await statusOf(channels)).status, 'Success');
    assert.equal(channels.heard(stdout).toString(), 'second\n');
  },
  'exec has to be told which container when there are several': async (world) => {
    await two(world);
    const { api, core } = world;
    const answer = await api.post(core('pods/some/exec?command=node&stdout=true'), '');
    assert.equal(answer.status, 400);
    assert.match(
      answer.body.message,
      /^a container name must be specified for pod some, choose one of: \[main second\]/,
    );
  },
  'exec refuses a container that there is not': async (world) => {
    await running(world);
    const { api, core } = world;
    const answer = await api.post(core('pods/some/exec?command=node&stdout=true&container=nope'), '');
    assert.equal(answer.status, 400);
    assert.equal(answer.body.reason, 'BadRequest');
    assert.equal(answer.body.message, 'container nope is not valid for pod some');
  },
  'exec into a pod that there is not is answered with 404': async ({ api, core }) => {
    assert.equal((await api.post(core('pods/nobody/exec?command=node&stdout=true'), '')).status, 404);
  },
  'attach shows what a container says from then on': async (world) => {
    await running(world, `let n = 0; setInterval(() => console.log('tick', n++), 100); ${idle}`);
    const { api, core } = world;
    const channels = await api.connect(core('pods/some/attach?stdout=true&stderr=true'), 'v5.channel.k8s.io');
    await channels.until(stdout, /tick \d+\n/);
    channels.close();
  },
  'attach gives a container with stdin what is typed': async (world) => {
    await running(world, `process.stdin.on('data', (data) => console.log('read ' + data)); ${idle}`, { stdin: true });
    const { api, core } = world;
    const channels = await api.connect(core('pods/some/attach?stdin=true&stdout=true'), 'v5.channel.k8s.io');
    channels.send(stdin, 'hello');
    await channels.until(stdout, /read hello/);
    channels.close();
    await eventually('its log has it too', async () => /read hello/.test(await log(world)));
  },
  'port-forward carries bytes to a port of a pod': async (world) => {
    const listening = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };
    await running(world, web, listening);
    const { api, core } = world;
    const channels = await api.connect(core('pods/some/portforward?ports=8080'), 'v4.channel.k8s.io');
    channels.send(0, 'GET / HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n');
    const answer = await channels.until(0, /hello/);
    assert.match(answer, /HTTP\/1\.1 200 OK/);
    channels.close();
  },
  'port-forward says of a port at which nobody listens that it refuses': async (world) => {
    await running(world);
    const { api, core } = world;
    const channels = await api.connect(core('pods/some/portforward?ports=8080'), 'v4.channel.k8s.io');
    channels.send(0, 'hello');
    await channels.until(1, /refused/);
    channels.close();
  },
});
