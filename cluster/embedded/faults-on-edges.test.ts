import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultTypes } from '../faults/index.ts';
import type { Fault } from './kinds/types.ts';
import { processIdentity } from './kubelet/process-identity.ts';
import { newHome, removeHome, startClusterProcess, tableOf, type ClusterProcess } from './testing/cluster-process.ts';
import { script, web, webService } from './testing/manifests.ts';
import { until } from './testing/until.ts';

const home = newHome();
const namespace = 'default';
let cluster: ClusterProcess;

/** Each on an edge of its own, from one caller to one pod behind as many Services. Those that are for one callee alone are left out. */
const types = faultTypes.filter(({ targets, callee, carriers }) => {
  return targets.includes('edge') && !callee && carriers.some(({ driver }) => driver === 'pod-network');
});
const ids = types.map(({ id }) => id);

/** Calls every Service again and again, each time over a new connection, and prints what came of it. */
const calling = `
const { get } = require('node:http');
for (const service of ${JSON.stringify(ids)}) (function call() {
  let said = false;
  const done = (outcome) => { if (!said) console.log(service, outcome); said = true; };
  const options = { agent: false, signal: AbortSignal.timeout(500) };
  get('http://' + service + '/', options, (response) => response.resume().once('end', () => done(response.statusCode)))
    .once('error', ({ code }) => done(code))
    .once('close', () => setTimeout(call, 30));
})();`;

before(async () => {
  cluster = await startClusterProcess(home);
  const services = ids.map((name) => ({ ...webService, metadata: { name, namespace } }));
  for (const object of [web(1), ...services, script('caller', calling)]) await cluster.objects.create(object);
  await until('every Service answers', async () => {
    const outcomes = await lastOutcomes();
    return ids.every((id) => outcomes.get(id) === '200');
  });
});

after(async () => {
  cluster.process.kill('SIGKILL');
  await until('everything is gone', () => tableOf(home).every((pid) => processIdentity(pid) === null));
  removeHome(home);
});

/** What came of the last call of each Service. */
async function lastOutcomes(): Promise<Map<string, string>> {
  const printed = await cluster.logs('caller').catch(() => ''); // it has not started yet
  return new Map(printed.split('\n').map((line) => line.split(' ') as [string, string]));
}

const object = (id: string) => ({
  apiVersion: 'faults.breakwater.dev/v1alpha1',
  kind: 'Fault',
  metadata: { name: id, namespace },
});
const fault = async (id: string) => (await cluster.objects.read(object(id))) as unknown as Fault;

test('every fault on an edge acts there, says so by its own counts, and leaves calls healthy', async () => {
  for (const { id, parameters } of types) {
    // For all calls, where it could be for some.
    const all = parameters.filter(({ name }) => name === 'percent').map(({ name, max }) => [name, max]);
    const spec = { type: id, target: { edge: `caller>${id}` }, parameters: Object.fromEntries(all) as object };
    await cluster.objects.create({ ...object(id), spec } as object);
  }
  for (const { id, counts } of types) {
    const { status } = await until(`${id} has an effect`, async () => {
      const found = await fault(id);
      return Object.values(found.status?.counts ?? {}).some((count) => count > 0) && found;
    });
    assert.deepEqual([status!.phase, status!.pods], ['Active', ['caller']]);
    const counted = Object.entries(status!.counts!).filter(([, count]) => count > 0);
    for (const [name] of counted) assert.ok((counts as string[]).includes(name), `${id} has counted ${name}`);
  }
  const failing: [string, string[]][] = [
    ['edge-reset', ['ECONNRESET']],
    ['edge-hang', ['ABORT_ERR']],
    ['network-partition', ['ABORT_ERR']],
    ['dns-failure', ['ENOTFOUND']],
    ['service-down', ['ECONNREFUSED']],
    ['http-status', ['503']],
    ['http-delay', ['ABORT_ERR']],
  ];
  await until('callers meet what they are to meet', async () => {
    const outcomes = await lastOutcomes();
    return failing.every(([id, wanted]) => wanted.includes(outcomes.get(id)!));
  });
  assert.equal((await lastOutcomes()).get('edge-bandwidth'), '200');
  for (const id of ids) await cluster.objects.delete(object(id));
  await until('every call is answered again', async () => {
    const outcomes = await lastOutcomes();
    return ids.every((id) => outcomes.get(id) === '200');
  });
});
