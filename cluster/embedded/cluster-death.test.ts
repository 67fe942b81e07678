import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { processIdentity } from './kubelet/process-identity.ts';
import {
  killed,
  newHome,
  removeHome,
  startClusterProcess,
  tableOf,
  type ClusterProcess,
} from './testing/cluster-process.ts';
import { script, web, webService } from './testing/manifests.ts';
import { database, databaseService, sqlScript } from './testing/postgres.ts';
import { until } from './testing/until.ts';

const home = newHome();
const namespace = 'default';
let cluster: ClusterProcess;

after(async () => {
  cluster.process.kill('SIGKILL');
  await until('everything is gone', () => tableOf(home).every((pid) => processIdentity(pid) === null));
  removeHome(home);
});

async function available(name: string): Promise<void> {
  await until(`${name} is available`, async () => {
    const { status } = await cluster.apps.readNamespacedDeployment({ name, namespace });
    return status?.availableReplicas === 1 && status.replicas === 1;
  });
}

/** Runs a pod to its end; answers what it printed. */
async function output(name: string, code: string): Promise<string> {
  await cluster.objects.create(script(name, code, {}, { restartPolicy: 'Never' }));
  const phase = await until(`${name} has ended`, async () => {
    const found = (await cluster.core.readNamespacedPod({ name, namespace })).status?.phase;
    return (found === 'Succeeded' || found === 'Failed') && found;
  });
  const printed = await cluster.logs(name);
  assert.equal(phase, 'Succeeded', printed);
  return printed;
}

test('PostgreSQL answers to its password over the pod network', async () => {
  cluster = await startClusterProcess(home);
  for (const object of [database, databaseService, web(1), webService]) await cluster.objects.create(object);
  await available('postgres');
  const printed = await output(
    'writer',
    sqlScript(
      'CREATE TABLE orders (id int)',
      'INSERT INTO orders VALUES (7)',
      'SELECT current_user, current_database(), (SELECT rolpassword FROM pg_authid WHERE rolname = current_user) AS secret',
    ),
  );
  assert.match(printed, /"current_user":"shop","current_database":"shop","secret":"SCRAM-SHA-256\$/);
  await assert.rejects(
    output('intruder', sqlScript('SELECT 1').replace('sesame', 'guess')),
    /password authentication failed/,
  );
});

test('what it acknowledged survives the forced death of its pod', async () => {
  const [pod] = (await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=postgres' })).items;
  const { name } = pod!.metadata!;
  await cluster.core.deleteNamespacedPod({ name: name!, namespace, gracePeriodSeconds: 0 });
  await available('postgres');
  assert.equal(await output('reader', sqlScript('SELECT id FROM orders')), '[{"id":7}]\n');
});

test('calls fail while the data plane is dead, and succeed again by themselves', async () => {
  await available('web');
  const code = `
    (async function call() {
      const answer = await fetch('http://web/').then((r) => r.text(), (error) => error.cause?.code);
      console.log(answer);
      setTimeout(call, 20);
    })()`;
  await cluster.objects.create(script('caller', code));
  await until('calls are answered', async () => /^one$/m.test(await cluster.logs('caller').catch(() => '')));
  const before = tableOf(home);
  process.kill(before.find(isDataPlane)!, 'SIGKILL');
  await until('the next one is on the list', () => tableOf(home).some((pid) => !before.includes(pid)));
  const { length } = await cluster.logs('caller');
  await until('calls are answered again', async () => /^one$/m.test((await cluster.logs('caller')).slice(length)));
});

test('SIGKILL of the cluster process leaves nothing running, PostgreSQL least of all', async () => {
  await available('postgres');
  await killed(cluster);
});

test('the next start brings the desired state back, and the orders are still there', async () => {
  const pods = new Set(['postgres', 'web']);
  cluster = await startClusterProcess(home);
  for (const name of pods) await available(name);
  assert.equal(await output('reader-again', sqlScript('SELECT id FROM orders')), '[{"id":7}]\n');
});

test('a pod that had ended stays so, with its log; a bare one that ran is started again', async () => {
  const reader = await cluster.core.readNamespacedPod({ name: 'reader', namespace });
  assert.equal(reader.status?.phase, 'Succeeded');
  assert.equal(reader.status.containerStatuses?.[0]?.restartCount, 0);
  assert.equal(await cluster.logs('reader'), '[{"id":7}]\n');
  const caller = await until('the caller runs again', async () => {
    const [container] = (await cluster.core.readNamespacedPod({ name: 'caller', namespace })).status!
      .containerStatuses!;
    return container!.state?.running && container;
  });
  assert.equal(caller.restartCount, 1);
  assert.equal(caller.lastState?.terminated?.reason, 'Unknown');
});

test('SIGKILL of a stopped cluster process leaves nothing running either', async () => {
  await available('postgres');
  cluster.process.kill('SIGSTOP');
  await killed(cluster);
});

test('SIGTERM ends everything, with exit code 0', async () => {
  cluster = await startClusterProcess(home);
  await available('postgres');
  const children = cluster.children();
  cluster.process.kill('SIGTERM');
  const [code] = await once(cluster.process, 'exit');
  assert.equal(code, 0);
  await until('all its processes are gone', () => children.every((pid) => processIdentity(pid) === null));
});

test('when whoever started it is gone, it ends at once', async () => {
  cluster = await startClusterProcess(home);
  const children = cluster.children();
  const gone = once(cluster.process, 'exit');
  cluster.process.disconnect();
  await gone;
  await until('all its processes are gone', () => children.every((pid) => processIdentity(pid) === null));
});

function isDataPlane(pid: number): boolean {
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes('data-plane');
}
