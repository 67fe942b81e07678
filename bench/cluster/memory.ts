import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { deploymentsOf, deploymentToReady, expect } from './pods.ts';
import type { RunningCluster } from './running-cluster.ts';

/** Until what a start has left behind is collected. */
const settleMs = 3_000;
const samples = 3;

/** Memory of the cluster's own process (API server, controllers, kubelets) with so many pods running, and their start. Linux only. */
export async function measureMemory(cluster: RunningCluster): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const pods of [0, 20, 100]) {
    if (pods > 0) {
      const ms = await deploymentToReady(cluster, `tiny-${pods}`, pods);
      figures.push({ what: `Deployment of ${pods} tiny pods to Ready`, unit: 'ms', values: [ms] });
    }
    if (process.platform === 'linux') {
      const values = await sampled(cluster.pid);
      const wanted = pods === 100 ? '< 120 MB' : undefined;
      figures.push({ what: `Memory of the cluster's process with ${pods} pods (RSS)`, unit: 'MB', values, wanted });
    }
    if (pods > 0) await expect(200, cluster.send('DELETE', `${deploymentsOf}/tiny-${pods}`));
    while (((await expect(200, cluster.send('GET', '/api/v1/namespaces/default/pods'))) as { items: [] }).items.length)
      await delay(50);
  }
  return figures;
}

async function sampled(pid: number): Promise<number[]> {
  const values: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    await delay(settleMs);
    values.push(Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
  }
  return values;
}
