import type { Figure } from '../figure.ts';
import { clear, deploymentToReady } from './pods.ts';
import { startCluster } from './running-cluster.ts';

/** From spawning the cluster's process to its API answering, and to the first pod Ready, in a home that has been used before. */
export async function measureStart(home: string, runs: number): Promise<Figure[]> {
  const api: number[] = [];
  const pod: number[] = [];
  // The first start makes the certificates and fills the compile cache.
  await (await startCluster(home)).stop();
  for (let run = 0; run < runs; run++) {
    const cluster = await startCluster(home);
    api.push(performance.now() - cluster.startedAt);
    await deploymentToReady(cluster, 'first', 1);
    pod.push(performance.now() - cluster.startedAt);
    await clear(cluster);
    await cluster.stop();
  }
  return [
    { what: 'Start of the cluster to its API ready', unit: 'ms', values: api, wanted: '< 400 ms' },
    { what: 'Start of the cluster to its first pod Ready', unit: 'ms', values: pod },
  ];
}
