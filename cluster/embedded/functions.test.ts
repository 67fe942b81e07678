import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { render } from '../kustomize/render.ts';
import { readEnvironment } from '../shop/service/environment.ts';
import { openObjectStore, type ObjectStore } from '../shop/service/object-store.ts';
import { productImage } from '../shop/services/loadgen/product-image.ts';
import { startOtlpSink, type OtlpSink } from '../shop/testing/otlp-sink.ts';
import { HOST_IP } from './network/addresses.ts';
import { killed, newHome, removeHome, startClusterProcess, type ClusterProcess } from './testing/cluster-process.ts';
import { until } from './testing/until.ts';

interface Container {
  env: { name: string; value?: string }[];
}
type Manifest = Awaited<ReturnType<typeof render>>[number];

const manifests = fileURLToPath(new URL('../shop/manifests', import.meta.url));
const namespace = 'shop';
const ours = ['objects', 'thumbnails', 'image-events', 'activator'];

/** The shop's manifests with an option of the pattern, as an overlay has them. */
async function withThumbnails(option: string): Promise<Manifest[]> {
  const copy = await mkdtemp(join(tmpdir(), 'thumbnails-'));
  await cp(manifests, copy, { recursive: true });
  const overlay = join(copy, 'overlays', 'here');
  await mkdir(overlay);
  const kustomization = { resources: ['../../base/shop'], components: [`../../patterns/thumbnails/${option}`] };
  await writeFile(join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
  const rendered = await render(overlay, copy);
  await rm(copy, { recursive: true });
  return rendered;
}

function setVariable(deployment: Manifest, name: string, value: string): void {
  const { spec } = deployment as unknown as { spec: { template: { spec: { containers: Container[] } } } };
  spec.template.spec.containers[0]!.env.find((each) => each.name === name)!.value = value;
}

describe('a function that is scaled to zero, as the pattern has it', () => {
  const home = newHome();
  let cluster: ClusterProcess;
  let sink: OtlpSink;
  let store: ObjectStore;
  let uploaded = 0;

  before(async () => {
    sink = await startOtlpSink();
    cluster = await startClusterProcess(home, false);
    await cluster.objects.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const object of await withThumbnails('scale-to-zero')) {
      if (object.kind === 'ConfigMap' && object.metadata.name === 'shop') {
        const endpoint = `http://${HOST_IP}:${new URL(sink.endpoint).port}`;
        object['data'] = { ...(object['data'] as object), OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
      } else if (!ours.includes(object.metadata.name)) continue;
      if (object.kind === 'Secret')
        object['stringData'] = { MINIO_ROOT_USER: 'shop', MINIO_ROOT_PASSWORD: 'sesame-sesame' };
      if (object.kind === 'Service' && object.metadata.name === 'objects')
        (object['spec'] as { type?: string }).type = 'NodePort';
      if (object.kind === 'Deployment' && object.metadata.name === 'activator')
        setVariable(object, 'IDLE_SECONDS', '2');
      await cluster.objects.create(object as never);
    }
    const { spec } = await cluster.core.readNamespacedService({ name: 'objects', namespace });
    const environment = { OBJECTS_URL: `http://localhost:${spec!.ports![0]!.nodePort}`, OBJECTS_KEY: 'shop' };
    store = openObjectStore(readEnvironment({ ...environment, OBJECTS_SECRET: 'sesame-sesame' }));
    const arn = 'arn:minio:sqs::THUMBNAILS:webhook';
    await until('the bucket', () =>
      store.prepare({ prefix: 'images/', arn }).then(
        () => true,
        () => false,
      ),
    );
    await idle(0);
  });
  after(async () => {
    await killed(cluster);
    removeHome(home);
    sink.close();
  });

  /** Keeps so many instances, once the activator knows it. */
  async function keepWarm(count: number): Promise<void> {
    const activator = { name: 'activator', namespace };
    const { metadata, spec } = await cluster.apps.readNamespacedDeployment(activator);
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata!, spec: spec! };
    setVariable(body as never, 'MIN_REPLICAS', String(count));
    await cluster.apps.replaceNamespacedDeployment({ ...activator, body });
    await until('the activator is rolled out', async () => {
      const { status, metadata } = await cluster.apps.readNamespacedDeployment(activator);
      const current = status?.observedGeneration === metadata?.generation && status?.updatedReplicas === 1;
      return current && status?.replicas === 1 && status.readyReplicas === 1;
    });
  }

  const wanted = async () =>
    (await cluster.apps.readNamespacedDeployment({ name: 'thumbnails', namespace })).spec!.replicas!;
  const idle = (replicas: number) =>
    until(`${replicas} pods of the function`, async () => {
      const { spec, status } = await cluster.apps.readNamespacedDeployment({ name: 'thumbnails', namespace });
      const { replicas: there = 0, readyReplicas: ready = 0 } = status ?? {};
      return [spec!.replicas, there, ready].every((count) => count === replicas);
    });

  /** Uploads so many images at the same moment; resolves with the seconds until each had its thumbnail. */
  async function upload(count: number): Promise<number[]> {
    const begun = performance.now();
    return Promise.all(
      Array.from({ length: count }, async () => {
        const id = `${(uploaded += 1)}`;
        await store.put(`images/${id}`, { body: productImage(), contentType: 'image/png', metadata: {} });
        const small = await until(`thumbnail ${id}`, () => store.get(`thumbnails/${id}`));
        assert.equal(small.body.toString('latin1', 8, 12), 'WEBP');
        return (performance.now() - begun) / 1000;
      }),
    );
  }
  const spans = (name: string) => sink.spans.filter((span) => span.service === 'activator' && span.name === name);

  it('loses nothing of a burst that finds no pod, which waits for the cold start; the next does not', async () => {
    const cold = await upload(4);
    assert.equal(await wanted(), 2, 'four at once, two a pod');
    const held = await until('spans of the cold start', () =>
      spans('cold start').length === 4 ? spans('cold start') : null,
    );
    const warm = await upload(1);
    assert.ok(Math.min(...cold) > 3 * warm[0]!, `cold ${cold.join(', ')} s, warm ${warm[0]} s`);
    const longest = Math.max(...held.map(({ start, end }) => end - start)) / 1000;
    assert.ok(longest > 0.5 * Math.max(...cold), 'most of the wait is the cold start');
    assert.equal(spans('cold start').length, 4);
  });

  it('gives no pod more than it is for, and the others wait their turn', async () => {
    await upload(12);
    assert.ok((await wanted()) <= 3);
    const all = (service: string, kind: string) =>
      until(`all spans of ${service}`, () => {
        const found = sink.spans.filter((span) => span.service === service && span.kind === kind);
        return found.length >= 17 ? found : null;
      });
    const [calls, handled] = [await all('activator', 'client'), await all('thumbnails', 'server')];
    assert.deepEqual([calls.length, handled.length, handled.some(({ failed }) => failed)], [17, 17, false]);
    const atOnce = calls.map(({ start }) => calls.filter((other) => other.start <= start && start < other.end).length);
    assert.ok(Math.max(...atOnce) <= 6, `${Math.max(...atOnce)} at once, at most two at each of three pods`);
    assert.ok(spans('wait for an instance').length > 0, 'some had to wait');
  });

  it('goes when it has been idle, and stays where one is to be kept, which spares the cold start', async () => {
    await idle(0);
    const cold = await upload(1);
    await keepWarm(1);
    await idle(1);
    const warm = await upload(1);
    assert.ok(cold[0]! > 3 * warm[0]!, `cold ${cold[0]} s, kept warm ${warm[0]} s`);
  });
});
