import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { until } from '../../cluster/embedded/testing/until.ts';
import { startProduct, type Product } from '../product.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { allGone, processesOf } from './processes.ts';

// `npm run cluster`: the cluster alone.
const skip = process.platform === 'linux' ? false : 'finds processes through /proc';

function start(nodes: number, home?: string): Promise<Product> {
  const args = ['--nodes', String(nodes)];
  const command = [process.execPath, 'launch/start.mjs', 'cluster', ...args];
  return startProduct({ command, home, env: { BREAKWATER_ANY_PROGRAM: 'yes' } });
}

function configOf({ kubeconfig }: Product): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}

/** Runs a pod on it. Answers all its processes, with which its ports go: by then another cluster may have them. */
async function runPod(product: Product) {
  const config = configOf(product);
  const labels = { app: 'idle' };
  const container = { name: 'idle', image: 'node:24', command: ['node', '-e', 'setInterval(() => {}, 1000)'] };
  const limits = { cpu: '100m' };
  const template = { metadata: { labels }, spec: { containers: [{ ...container, resources: { limits } }] } };
  const spec = { selector: { matchLabels: labels }, template };
  const body = { metadata: { name: 'idle' }, spec };
  await config.makeApiClient(AppsV1Api).createNamespacedDeployment({ namespace: 'default', body });
  const core = config.makeApiClient(CoreV1Api);
  await until('the pod runs', async () => {
    const { items } = await core.listNamespacedPod({ namespace: 'default' });
    return items[0]?.status?.phase === 'Running';
  });
  return processesOf(product.home, product.process.pid!);
}

test('clusters of different nodes run side by side, and end without a trace', { skip }, async (t) => {
  const [two, five] = await Promise.all([start(2), start(5)]);
  t.after(() => Promise.all([two.stop(), five.stop()]));
  for (const [product, count] of [
    [two, 2],
    [five, 5],
  ] as const) {
    const { items } = await configOf(product).makeApiClient(CoreV1Api).listNode();
    assert.equal(items.length, count);
    const millis = items
      .map(({ status }) => status!.capacity!.cpu!)
      .map((cpu) => parseFloat(cpu) * (cpu.endsWith('m') ? 1 : 1000));
    const sum = millis.reduce((a, b) => a + b);
    assert.ok(sum <= availableParallelism() * 1000 && sum > availableParallelism() * 1000 - count, `${millis}`);
  }
  assert.doesNotMatch(two.output(), /page|shop/);

  const ofTwo = await runPod(two);
  assert.ok(!ofTwo.some(({ command }) => /server\/main|postgres/.test(command)));
  two.process.kill('SIGINT');
  await allGone(ofTwo, 3_000);
  assert.match(two.output(), /Stopped in/);

  const ofFive = await runPod(five);
  process.kill(five.process.pid!, 'SIGKILL');
  await allGone(ofFive, 1_000);
});

test(
  'a start with fewer nodes than before has those alone, and the pods of the others run there',
  { skip },
  async (t) => {
    const home = join(temporaryFolder(t), 'home');
    const before = await start(3, home);
    await runPod(before).finally(() => before.stop());
    const after = await start(1, home);
    t.after(() => after.stop());
    const core = configOf(after).makeApiClient(CoreV1Api);
    const nodes = (await core.listNode()).items.map(({ metadata }) => metadata!.name);
    assert.deepEqual(nodes, ['node-1']);
    await until('the pod runs on the node that is left', async () => {
      const { items } = await core.listNamespacedPod({ namespace: 'default' });
      return items.length === 1 && items[0]!.spec!.nodeName === 'node-1' && items[0]!.status!.phase === 'Running';
    });
  },
);
