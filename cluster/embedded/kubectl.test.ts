import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { processIdentity } from './kubelet/process-identity.ts';
import { newHome, removeHome, startClusterProcess, tableOf, type ClusterProcess } from './testing/cluster-process.ts';
import { web, webService } from './testing/manifests.ts';
import { until } from './testing/until.ts';

const installed = spawnSync('kubectl', ['version', '--client']).status === 0;
const options = { skip: installed ? false : 'kubectl is not installed on this machine' };
const home = newHome();
let cluster: ClusterProcess;

before(async () => {
  if (installed) cluster = await startClusterProcess(home);
});

after(async () => {
  if (installed) {
    cluster.process.kill('SIGKILL');
    await until('everything is gone', () => tableOf(home).every((pid) => processIdentity(pid) === null));
  }
  removeHome(home);
});

function start(...args: string[]) {
  // kubectl caches what it discovers by host and port, and a port may have been another cluster's.
  const all = ['--kubeconfig', cluster.kubeconfig, '--cache-dir', join(home, 'kubectl'), ...args];
  return spawn('kubectl', all, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 });
}

/** Runs kubectl to its end; answers what it printed, and fails when it does. */
async function kubectl(args: string, input = ''): Promise<string> {
  const child = start(...args.split(' '));
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data));
  child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  assert.equal(code, 0, `kubectl ${args}: ${signal ?? code}: ${output}`);
  return output;
}

test('apply creates, and rollout status waits until every pod serves', options, async () => {
  const documents = [web(2), webService].map((object) => JSON.stringify(object)).join('\n---\n');
  assert.equal(await kubectl('apply -f -', documents), 'deployment.apps/web created\nservice/web created\n');
  assert.match(await kubectl('rollout status deploy/web'), /successfully rolled out/);
  assert.match(await kubectl('get deploy web --no-headers'), /^web +2\/2 +2 +2 /);
  assert.match(
    await kubectl('get endpointslices -l kubernetes.io/service-name=web --no-headers'),
    /8080 +10\.244\.\d\.\d+,10\.244/,
  );
});

test('rollout restart replaces every pod, and history counts it', options, async () => {
  const before = (await kubectl('get pods -l app=web -o name')).split('\n');
  await kubectl('rollout restart deploy/web');
  assert.match(await kubectl('rollout status deploy/web'), /successfully rolled out/);
  await until('the old pods are gone', async () => {
    const now = (await kubectl('get pods -l app=web -o name')).trim().split('\n');
    return now.length === 2 && !now.some((name) => before.includes(name));
  });
  assert.match(await kubectl('rollout history deploy/web'), /^2 /m);
});

test('rollout undo brings the former template back', options, async () => {
  await kubectl('set env deploy/web VERSION=two');
  await kubectl('rollout status deploy/web');
  await kubectl('rollout undo deploy/web');
  await kubectl('rollout status deploy/web');
  assert.match(await kubectl('set env deploy/web --list'), /VERSION=one/);
});

test('scale changes the number of pods', options, async () => {
  await kubectl('scale deploy/web --replicas=1');
  await until(
    'one is left',
    async () => (await kubectl('get pods -l app=web -o name')).trim().split('\n').length === 1,
  );
});

test('logs -f goes on until the pod is deleted', options, async () => {
  const follower = start('logs', '-f', 'deploy/web');
  let log = '';
  follower.stdout.on('data', (data: Buffer) => (log += data));
  const closed = once(follower, 'close');
  await until('it shows what is there', () => log === 'listening\n');
  await kubectl('scale deploy/web --replicas=0');
  assert.deepEqual(await closed, [0, null]);
  assert.equal(log, 'listening\ndraining\n');
});

test('describe tells the story by its events', options, async () => {
  const deployment = await kubectl('describe deploy web');
  assert.match(deployment, /ScalingReplicaSet .* Scaled up replica set web-\w+ from 0 to 1/);
  assert.match(deployment, /Progressing +True +NewReplicaSetAvailable/);
  await kubectl('scale deploy/web --replicas=1');
  await kubectl('rollout status deploy/web');
  const pod = await kubectl('describe pods -l app=web');
  for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started'])
    assert.match(pod, new RegExp(`Normal +${reason} `));
  assert.match(await kubectl('describe node node-1'), /breakwater\.dev\/host-ip: 10\.240\.0\.1/);
});

test('delete --force takes a pod at once, and its ReplicaSet makes another', options, async () => {
  const [name] = (await kubectl('get pods -l app=web -o name')).split('\n');
  await kubectl(`delete ${name} --force --grace-period=0`);
  await kubectl('rollout status deploy/web');
  await until('another serves', async () => {
    const now = (await kubectl('get pods -l app=web --no-headers')).trim();
    return /^\S+ +1\/1 +Running/.test(now) && !now.startsWith(name!.replace('pod/', ''));
  });
});

test('a deleted Deployment takes its ReplicaSets and pods along', options, async () => {
  await kubectl('delete deploy web');
  await until('nothing is left', async () => (await kubectl('get rs,pods -l app=web -o name')) === '');
});
