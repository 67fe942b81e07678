import { test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { Api } from './api.ts';
import { Skip, type World } from './case.ts';
import { cases } from './cases/index.ts';
import { differences } from './differences.ts';
import { eventually } from './eventually.ts';
import { ok } from './expect.ts';

/** Cases at once: most of them wait, for a pod or a controller. */
const AT_ONCE = 8;

/**
 * Registers every case as a test against the cluster of a kubeconfig. A case that differs there by differences.yaml must
 * fail: one that passes by now is to be taken off the table.
 *
 * @param only of the names of the cases; all without it
 */
export function conformance(kubeconfig: string, cluster: 'embedded' | 'real', only = ''): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = new Api(config);
  const known = differences(cluster);
  const chosen = cases.filter(({ name }) => new RegExp(only).test(name));
  return test(`conformance of the ${cluster} cluster`, { concurrency: AT_ONCE }, async (suite) => {
    const running = chosen.map(({ name, run }) => {
      const reason = known.get(name);
      return suite.test(name, async (test) => {
        const world = await newWorld(api);
        const outcome = await run(world).then(
          () => null,
          (cause: unknown) => (cause instanceof Error ? cause : new Error('it failed', { cause })),
        );
        await api.delete(`/api/v1/namespaces/${world.namespace}`);
        if (outcome instanceof Skip) return test.skip(outcome.message);
        if (reason === undefined && outcome) throw outcome;
        if (reason !== undefined && !outcome)
          throw new Error(`differs no more; take it off differences.yaml: ${reason}`);
      });
    });
    await Promise.all(running);
  });
}

async function newWorld(api: Api): Promise<World> {
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'conformance-' } };
  const namespace: string = ok(await api.post('/api/v1/namespaces', space)).metadata.name;
  const core = (path: string) => `/api/v1/namespaces/${namespace}/${path}`;
  // Where there are service accounts, pods are refused until their default is there.
  await eventually('the namespace is ready for pods', async () => {
    const { status } = await api.get(core('serviceaccounts/default'));
    return status === 200 || (await api.get(core('serviceaccounts'))).status === 404;
  });
  const group = (version: string) => (path: string) => `/apis/${version}/namespaces/${namespace}/${path}`;
  return { api, namespace, core, apps: group('apps/v1'), batch: group('batch/v1') };
}
