import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Service } from '../kinds/types.ts';
import { startNamespaceController } from '../controllers/namespace/namespace-controller.ts';
import { until } from '../testing/until.ts';
import { openClusterState } from './cluster-state.ts';
import { deploymentOf, podOf } from './testing/objects.ts';

async function clusterWithShop(t: TestContext) {
  const state = openClusterState();
  t.after(() => state.close());
  await state.api.create('Namespace', { metadata: { name: 'shop' } });
  return state.api;
}

const serviceOf = (name: string, spec: object = {}): Service => ({
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

describe('creating', () => {
  it('fills in what the writer left out', async (t) => {
    const api = await clusterWithShop(t);
    const pod = await api.create('Pod', podOf('a'));
    equal(pod.spec?.restartPolicy, 'Always');
    equal(pod.spec?.containers[0]?.imagePullPolicy, 'IfNotPresent');
    deepEqual(pod.status, { phase: 'Pending', qosClass: 'BestEffort' });
    ok(pod.metadata.uid && pod.metadata.creationTimestamp && pod.metadata.resourceVersion);
  });

  it('makes up a name from generateName', async (t) => {
    const api = await clusterWithShop(t);
    const { spec } = podOf('x');
    const pod = await api.create('Pod', { metadata: { generateName: 'web-', namespace: 'shop' }, spec } as never);
    match(pod.metadata.name, /^web-[a-z0-9]{5}$/);
  });

  it('does not take a status from the writer', async (t) => {
    const api = await clusterWithShop(t);
    const created = await api.create('Deployment', { ...deploymentOf('web'), status: { readyReplicas: 9 } });
    deepEqual(created.status, {});
  });

  it('refuses a name that is taken', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    await rejects(api.create('Pod', podOf('a')), { code: 'AlreadyExists', message: 'pods "a" already exists' });
  });

  it('refuses a namespace that is not there', async (t) => {
    const api = await clusterWithShop(t);
    const pod = podOf('a');
    pod.metadata.namespace = 'nowhere';
    await rejects(api.create('Pod', pod), { code: 'NotFound', message: 'namespaces "nowhere" not found' });
  });

  it('names every field that is wrong', async (t) => {
    const api = await clusterWithShop(t);
    const broken = deploymentOf('Web');
    broken.spec!.selector = { matchLabels: { app: 'other' } };
    delete broken.spec!.template.spec!.containers[0]!.image;
    await rejects(
      api.create('Deployment', broken),
      (error: Error & { code?: string; details?: { causes: { field: string }[] } }) => {
        equal(error.code, 'Invalid');
        deepEqual(
          error.details?.causes.map(({ field }) => field),
          ['metadata.name', 'spec.template.spec.containers[0].image', 'spec.template.metadata.labels'],
        );
        return /^Deployment\.apps "Web" is invalid: \[metadata\.name: Invalid value/.test(error.message);
      },
    );
  });
});

describe('updating', () => {
  it('refuses an object that has changed since it was read', async (t) => {
    const api = await clusterWithShop(t);
    const read = await api.create('Deployment', deploymentOf('web'));
    await api.patch('Deployment', 'web', 'shop', { spec: { replicas: 3 } });
    await rejects(api.update('Deployment', read), { code: 'Conflict', message: /the object has been modified/ });
  });

  it('leaves the revision alone when nothing changes', async (t) => {
    const api = await clusterWithShop(t);
    const read = await api.create('Deployment', deploymentOf('web'));
    equal(
      (await api.update('Deployment', deploymentOf('web'))).metadata.resourceVersion,
      read.metadata.resourceVersion,
    );
  });

  it('counts changes of the spec in the generation, and no others', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Deployment', deploymentOf('web'));
    const generation = async () => (await api.get('Deployment', 'web', 'shop')).metadata.generation;
    equal(await generation(), 1);
    await api.patch('Deployment', 'web', 'shop', { metadata: { labels: { a: 'b' } } });
    await api.patch('Deployment', 'web', 'shop', { status: { readyReplicas: 1 } }, 'status');
    equal(await generation(), 1);
    await api.patch('Deployment', 'web', 'shop', { spec: { replicas: 3 } });
    equal(await generation(), 2);
  });

  it('keeps status and spec apart', async (t) => {
    const api = await clusterWithShop(t);
    const created = await api.create('Deployment', deploymentOf('web', 2));
    const status = { readyReplicas: 1 };
    await api.updateStatus('Deployment', { ...created, spec: { ...created.spec!, replicas: 7 }, status });
    await api.update('Deployment', { ...deploymentOf('web', 4), status: { readyReplicas: 9 } });
    const read = await api.get('Deployment', 'web', 'shop');
    equal(read.spec?.replicas, 4);
    deepEqual(read.status, status);
  });

  it('does not let a pod become another', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    const change = { spec: { containers: [{ name: 'app', image: 'app:2', command: ['sh'] }] } };
    await rejects(api.patch('Pod', 'a', 'shop', change), { code: 'Invalid', message: /spec: Forbidden/ });
  });

  it('refuses a patch of a status that is none', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    await rejects(api.patch('Pod', 'a', 'shop', { phase: 'Running' }, 'status'), { code: 'BadRequest' });
  });
});

describe('binding', () => {
  it('puts a pod on a node once', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    await api.bind('a', 'shop', 'n1');
    const pod = await api.get('Pod', 'a', 'shop');
    equal(pod.spec?.nodeName, 'n1');
    equal(pod.status?.conditions?.[0]?.type, 'PodScheduled');
    await rejects(api.bind('a', 'shop', 'n2'), { code: 'Conflict', message: /already assigned to node "n1"/ });
  });
});

describe('a pod that could only fail here', () => {
  const container = (fields: object) => ({ name: 'app', image: 'app:1', ...fields });
  const cases: [string, object, RegExp][] = [
    [
      'a grpc probe',
      { containers: [container({ startupProbe: { grpc: { port: 1 } } })] },
      /startupProbe\.grpc: Forbidden/,
    ],
  ];
  for (const [title, spec, message] of cases) {
    it(`is refused: one with ${title}`, async (t) => {
      const api = await clusterWithShop(t);
      await rejects(api.create('Pod', podOf('a', spec)), { code: 'Invalid', message });
    });
  }
});

describe('deleting', () => {
  it('removes a pod that runs nowhere at once', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    await api.delete('Pod', 'a', 'shop');
    await rejects(api.get('Pod', 'a', 'shop'), { code: 'NotFound' });
  });

  it('leaves a pod on a node to its kubelet', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a', { nodeName: 'n1' }));
    await api.delete('Pod', 'a', 'shop');
    const marked = await api.get('Pod', 'a', 'shop');
    equal(marked.metadata.deletionGracePeriodSeconds, 30);
    await api.delete('Pod', 'a', 'shop');
    equal((await api.get('Pod', 'a', 'shop')).metadata.resourceVersion, marked.metadata.resourceVersion);
    await api.delete('Pod', 'a', 'shop', { gracePeriodSeconds: 5 });
    equal((await api.get('Pod', 'a', 'shop')).metadata.deletionGracePeriodSeconds, 5);
    await api.delete('Pod', 'a', 'shop', { gracePeriodSeconds: 0, uid: marked.metadata.uid });
    await rejects(api.get('Pod', 'a', 'shop'), { code: 'NotFound' });
  });

  it('can be hastened, counted from its beginning, and never put off', async (t) => {
    const api = await clusterWithShop(t);
    const pod = podOf('a', { nodeName: 'n1' });
    pod.metadata.finalizers = ['example.com/wait'];
    await api.create('Pod', pod);
    const deleted = async (gracePeriodSeconds?: number) => {
      await api.delete('Pod', 'a', 'shop', { gracePeriodSeconds });
      const { deletionTimestamp, deletionGracePeriodSeconds } = (await api.get('Pod', 'a', 'shop')).metadata;
      return { at: Date.parse(deletionTimestamp!), grace: deletionGracePeriodSeconds };
    };
    const first = await deleted(100);
    deepEqual(await deleted(600), first);
    deepEqual(await deleted(40), { at: first.at - 60_000, grace: 40 });
    deepEqual(await deleted(), { at: first.at - 60_000, grace: 40 }, 'without a word about it, it stays as it is');
    deepEqual(await deleted(0), { at: first.at - 100_000, grace: 0 });
    deepEqual(await deleted(600), { at: first.at - 100_000, grace: 0 });
  });

  it('refuses another object of the same name', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Pod', podOf('a'));
    await rejects(api.delete('Pod', 'a', 'shop', { uid: 'other' }), { code: 'Conflict' });
  });

  it('waits for finalizers', async (t) => {
    const api = await clusterWithShop(t);
    const deployment = deploymentOf('web');
    deployment.metadata.finalizers = ['example.com/wait'];
    await api.create('Deployment', deployment);
    await api.delete('Deployment', 'web', 'shop');
    ok((await api.get('Deployment', 'web', 'shop')).metadata.deletionTimestamp);
    await api.patch('Deployment', 'web', 'shop', { metadata: { finalizers: null } });
    await rejects(api.get('Deployment', 'web', 'shop'), { code: 'NotFound' });
  });

  it('of a namespace takes everything in it, and lets nothing new in', async (t) => {
    const api = await clusterWithShop(t);
    const controller = startNamespaceController({ api });
    t.after(() => controller.close());
    await api.create('Pod', podOf('a', { nodeName: 'n1' }));
    await api.create('Deployment', deploymentOf('web'));
    await api.delete('Namespace', 'shop');
    equal((await api.get('Namespace', 'shop')).status?.phase, 'Terminating');
    await rejects(api.create('Pod', podOf('b')), { code: 'Forbidden', message: /being terminated/ });
    await until('what can go at once is gone', async () => (await api.list('Deployment')).items.length === 0);
    ok((await api.get('Pod', 'a', 'shop')).metadata.deletionTimestamp);
    await api.delete('Pod', 'a', 'shop', { gracePeriodSeconds: 0 });
    const gone = () =>
      api.get('Namespace', 'shop').then(
        () => false,
        (error: { code: string }) => error.code === 'NotFound',
      );
    await until('the namespace is let go', gone);
  });
});

describe('watching', () => {
  it('sees objects come into and go out of its selection', async (t) => {
    const api = await clusterWithShop(t);
    const seen: string[] = [];
    const stop = api.watch('Pod', { labelSelector: 'live=yes' }, ({ type, object }) =>
      seen.push(`${type} ${object.metadata.name}`),
    );
    await api.create('Pod', podOf('a'));
    await api.patch('Pod', 'a', 'shop', { metadata: { labels: { live: 'yes' } } });
    await api.patch('Pod', 'a', 'shop', { metadata: { labels: { more: 'yes' } } });
    await api.patch('Pod', 'a', 'shop', { metadata: { labels: { live: 'no' } } });
    await turn();
    stop();
    deepEqual(seen, ['ADDED a', 'MODIFIED a', 'DELETED a']);
  });
});

describe('a Service', () => {
  it('gets an address of its own and keeps it when replaced', async (t) => {
    const api = await clusterWithShop(t);
    const first = await api.create('Service', serviceOf('a'));
    const second = await api.create('Service', serviceOf('b'));
    match(first.spec!.clusterIP!, /^10\.96\.\d+\.\d+$/);
    notEqual(first.spec!.clusterIP, second.spec!.clusterIP);
    const replaced = await api.update('Service', serviceOf('a', { ports: [{ port: 81 }] }));
    equal(replaced.spec!.clusterIP, first.spec!.clusterIP);
    equal(replaced.spec!.ports![0]!.targetPort, 81);
  });

  it('cannot have its address changed', async (t) => {
    const api = await clusterWithShop(t);
    await api.create('Service', serviceOf('a'));
    const other = serviceOf('a', { clusterIP: '10.96.200.200' });
    await rejects(api.update('Service', other), { code: 'Invalid', message: /may not change once set/ });
  });

  it('leads to its own port when it names no other, or 0, as Go clients write none', async (t) => {
    const api = await clusterWithShop(t);
    const { spec } = await api.create('Service', serviceOf('a', { ports: [{ port: 80, targetPort: 0 }] }));
    equal(spec!.ports![0]!.targetPort, 80);
  });

  it('can do without one', async (t) => {
    const api = await clusterWithShop(t);
    equal((await api.create('Service', serviceOf('a', { clusterIP: 'None' }))).spec!.clusterIP, 'None');
  });
});

describe('a Secret', () => {
  it('takes stringData in as data', async (t) => {
    const api = await clusterWithShop(t);
    const secret = await api.create('Secret', {
      metadata: { name: 's', namespace: 'shop' },
      stringData: { user: 'shop' },
    });
    deepEqual([secret.data, secret.stringData, secret.type], [{ user: 'c2hvcA==' }, undefined, 'Opaque']);
  });
});
