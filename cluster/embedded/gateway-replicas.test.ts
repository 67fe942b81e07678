import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, V1Deployment, V1Service } from '@kubernetes/client-node';
import { render } from '../kustomize/render.ts';
import { killed, newHome, removeHome, startClusterProcess } from './testing/cluster-process.ts';
import { until } from './testing/until.ts';

const manifests = join(import.meta.dirname, '../shop/manifests');
const namespace = 'shop';

test('while a pod of the gateway is killed, two replicas lose a small part of what one loses', async (t) => {
  const home = newHome();
  const cluster = await startClusterProcess(home, false);
  t.after(async () => {
    await killed(cluster);
    removeHome(home);
  });
  // The gateway alone, as it is shipped: it answers what it does not know by itself.
  const wanted = ['Namespace shop', 'ConfigMap shop', 'Deployment gateway', 'Service gateway'];
  for (const object of (await render(join(manifests, 'base'), manifests)) as unknown as KubernetesObject[]) {
    if (!wanted.includes(`${object.kind} ${object.metadata!.name}`)) continue;
    if (object.kind === 'Service') (object as V1Service).spec!.type = 'NodePort';
    await cluster.objects.create(object);
  }
  const stringData = { JWT_SECRET: 'test-secret-of-at-least-32-characters' };
  await cluster.core.createNamespacedSecret({ namespace, body: { metadata: { name: 'jwt' }, stringData } });
  const { spec } = await cluster.core.readNamespacedService({ name: 'gateway', namespace });
  const url = `http://127.0.0.1:${spec!.ports![0]!.nodePort}/`;
  const gateway = (): Promise<V1Deployment> => cluster.apps.readNamespacedDeployment({ name: 'gateway', namespace });
  const ready = async (replicas: number) => {
    const { status } = await gateway();
    return status?.readyReplicas === replicas && status.replicas === replicas;
  };
  const answers = async () => {
    const signal = AbortSignal.timeout(500);
    const answer = await fetch(url, { headers: { connection: 'close' }, signal }).catch(() => null);
    return answer?.status === 404;
  };

  /** Requests that are lost in the two seconds after the kill, of 100. */
  async function lostWith(replicas: number): Promise<number> {
    const { metadata, ...deployment } = await gateway();
    await cluster.apps.replaceNamespacedDeployment({
      ...{ name: 'gateway', namespace },
      body: { ...deployment, metadata: metadata!, spec: { ...deployment.spec!, replicas } },
    });
    await until(`${replicas} ready`, async () => (await ready(replicas)) && (await answers()));
    const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=gateway' });
    await cluster.core.deleteNamespacedPod({ name: items[0]!.metadata!.name!, namespace, gracePeriodSeconds: 0 });
    const sent: Promise<boolean>[] = [];
    for (let request = 0; request < 100; request++) {
      sent.push(answers());
      await delay(20);
    }
    return (await Promise.all(sent)).filter((answered) => !answered).length;
  }

  const [one, two] = [await lostWith(1), await lostWith(2)];
  assert.ok(one >= 10 && two <= one / 4, `of 100 requests one replica lost ${one}, two lost ${two}`);
});
