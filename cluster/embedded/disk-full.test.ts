import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { processIdentity } from './kubelet/process-identity.ts';
import { startClusterProcess, tableOf, type ClusterProcess } from './testing/cluster-process.ts';
import { script, web } from './testing/manifests.ts';
import { database, databaseService, sqlScript } from './testing/postgres.ts';
import { noSmallDisk, smallDisk, type SmallDisk } from './testing/small-disk.ts';
import { until } from './testing/until.ts';

// What the cluster does while the disk with its state is full, and after there is space again.
const skip = noSmallDisk;
const namespace = 'default';
let disk: SmallDisk;
let cluster: ClusterProcess;

before(async () => {
  if (skip) return;
  disk = smallDisk(160);
  cluster = await startClusterProcess(disk.folder);
  await cluster.objects.create(database);
  await cluster.objects.create(databaseService);
  await cluster.objects.create(web(1));
  for (const name of ['postgres', 'web']) await available(name, 1);
});

after(async () => {
  if (skip) return;
  cluster.process.kill('SIGKILL');
  await until('everything is gone', () => tableOf(disk.folder).every((pid) => processIdentity(pid) === null));
  disk.remove();
});

async function available(name: string, replicas: number): Promise<void> {
  await until(`${name} has ${replicas} available`, async () => {
    const { status } = await cluster.apps.readNamespacedDeployment({ name, namespace });
    return status?.availableReplicas === replicas;
  });
}

const note = (name: string) =>
  cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });

/** Inserts 64 kB after 64 kB for ever, and prints what came of each. */
const orders = `
  const { Client } = require(${JSON.stringify(/require\("(.*?)"\)/.exec(sqlScript())![1])});
  const order = async () => {
    const client = new Client({ connectionString: 'postgres://shop:sesame@postgres:5432/shop', connectionTimeoutMillis: 1000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('CREATE TABLE IF NOT EXISTS orders (body text)');
      for (;;) {
        await client.query("INSERT INTO orders SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 2000)");
        console.log('accepted');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } catch (error) {
      console.log('refused: ' + error.message);
      await client.end().catch(() => {});
    }
    setTimeout(order, 50);
  };
  order();`;

test(
  'a full disk refuses writes with its name and what to do, and nothing dies but what writes to it',
  { skip },
  async () => {
    await cluster.objects.create(script('orders', orders));
    const said = async () => await cluster.logs('orders').catch(() => '');
    await until('orders are accepted', async () => /accepted/.test(await said()));

    const refusals: string[] = [];
    const { lastLog } = await until('orders are refused', async () => {
      disk.fill();
      // What is said while the disk is full goes to whoever follows, and is not in the file.
      const lastLog = await said();
      await note('during').catch((error: Error) => refusals.push(error.message));
      await cluster.core.deleteNamespacedConfigMap({ name: 'during', namespace }).catch(() => undefined);
      return refusals.length > 20 && { lastLog };
    });
    assert.equal(cluster.process.exitCode, null, 'the cluster lives');
    const refusal = refusals.at(-1)!;
    assert.match(refusal, /507/);
    assert.ok(
      refusal.includes(`The disk of ${disk.folder}/apiserver is full: 0 MB are free. Free some space there`),
      refusal,
    );
    assert.ok((await cluster.core.listNamespacedPod({ namespace })).items.length >= 3, 'it can be read');

    disk.empty();
    await until(
      'there is space',
      () =>
        note('after').then(
          () => true,
          () => null,
        ),
      10,
    );
    await until('orders are accepted again', async () => /accepted/.test((await said()).slice(lastLog.length)), 30);
    // They would go on until the disk is full of orders.
    await cluster.core.deleteNamespacedPod({ name: 'orders', namespace, gracePeriodSeconds: 0 });
  },
);

test('a container that ends meanwhile is started again when there is space, and not before', { skip }, async () => {
  // What still goes, as the files of the pod before, makes space again.
  await until('writes are refused', async () => {
    disk.fill();
    const isRefused = await note('refused').then(
      () => false,
      (error: Error) => error.message.includes('507'),
    );
    if (!isRefused) await cluster.core.deleteNamespacedConfigMap({ name: 'refused', namespace }).catch(() => undefined);
    return isRefused;
  });
  const [pod] = (await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=web' })).items;
  const restarts = pod!.status!.containerStatuses![0]!.restartCount;
  const [web] = cluster.children().filter((pid) => environmentOf(pid).includes(`HOSTNAME=${pod!.metadata!.name}\0`));
  process.kill(web!, 'SIGKILL');
  await until('it has ended', () => processIdentity(web!) === null);
  disk.empty();
  await until('it runs again', async () => {
    const { status } = await cluster.core.readNamespacedPod({ name: pod!.metadata!.name!, namespace });
    const [container] = status?.containerStatuses ?? [];
    return container?.ready && container.restartCount > restarts;
  });
});

function environmentOf(pid: number): string {
  return existsSync(`/proc/${pid}/environ`) ? `${readFileSync(`/proc/${pid}/environ`, 'utf8')}\0` : '';
}
