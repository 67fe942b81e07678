import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { emptyNode, testServer } from '../testing/test-server.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const at = Date.parse('2026-01-01T00:00:00Z');

/** Two pods on node-1, of which `web` runs two containers, and none on node-2. */
async function metricsServer(t: TestContext) {
  const containers = [
    { name: 'main', cpuNanoCores: 250_000_000, workingSetBytes: 64 * 1024 ** 2 },
    { name: 'side', cpuNanoCores: 1, workingSetBytes: 1024 },
  ];
  const podUsage = ({ metadata }: Pod) => (metadata.name === 'web' ? { at, windowMs: 10_000, containers } : null);
  const server = await testServer(t, { ...emptyNode, podUsage });
  for (const name of ['node-1', 'node-2']) await server.api.create('Node', { metadata: { name } });
  for (const name of ['web', 'new']) {
    const spec = { containers: [{ name: 'main', image: 'node:24' }] };
    await server.api.create('Pod', { metadata: { name, namespace: 'default', labels: { app: name } }, spec } as Pod);
    await server.api.bind(name, 'default', 'node-1');
  }
  const get = async (path: string) => {
    const answer = await server.send('GET', `${METRICS}${path}`);
    return { ...answer, body: JSON.parse(answer.text) };
  };
  return { get };
}

describe('metrics.k8s.io', () => {
  it('tells what the containers of pods use, once that is known', async (t) => {
    const { get } = await metricsServer(t);
    const { body } = await get('/pods');
    equal(body.kind, 'PodMetricsList');
    equal(body.items.length, 1);
    const [{ metadata, timestamp, window, containers }] = body.items;
    deepEqual(
      [metadata.name, metadata.labels, timestamp, window],
      ['web', { app: 'web' }, '2026-01-01T00:00:00Z', '10s'],
    );
    deepEqual(containers, [
      { name: 'main', usage: { cpu: '250m', memory: '65536Ki' } },
      { name: 'side', usage: { cpu: '1n', memory: '1Ki' } },
    ]);
  });

  it('selects by namespace, label and name', async (t) => {
    const { get } = await metricsServer(t);
    const count = async (path: string) => (await get(path)).body.items.length;
    equal(await count('/namespaces/default/pods?labelSelector=app%3Dweb'), 1);
    equal(await count('/namespaces/default/pods?labelSelector=app%3Dnew'), 0);
    equal(await count('/namespaces/kube-system/pods'), 0);
    equal((await get('/namespaces/default/pods/web')).body.metadata.name, 'web');
    const missing = await get('/namespaces/default/pods/new');
    equal(missing.status, 404);
    match(missing.body.message, /podmetrics\.metrics\.k8s\.io "new" not found/);
  });

  it('sums up for a node what its pods use', async (t) => {
    const { get } = await metricsServer(t);
    const { body } = await get('/nodes');
    deepEqual(
      body.items.map(({ metadata, usage }: { metadata: { name: string }; usage: object }) => [metadata.name, usage]),
      [
        ['node-1', { cpu: '250000001n', memory: '65537Ki' }],
        ['node-2', { cpu: '0', memory: '0Ki' }],
      ],
    );
  });
});
