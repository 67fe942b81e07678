import type { Figure } from '../figure.ts';
import { deploymentsOf, expect, tinyDeployment } from './pods.ts';
import type { RunningCluster } from './running-cluster.ts';

const applies = 400;
const atOnce = 8;

/** Server-side applies of Deployments without replicas, some at once: half of them create, half of them change. */
export async function measureApplies(cluster: RunningCluster, runs: number): Promise<Figure[]> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) {
    let next = 0;
    const since = performance.now();
    const applyNext = async (): Promise<void> => {
      while (next < applies) {
        const index = next++;
        const name = `applied-${run}-${index >> 1}`;
        const metadata = { name, labels: { turn: String(index & 1) } };
        const body = { ...tinyDeployment(name, 0), metadata };
        const path = `${deploymentsOf}/${name}?fieldManager=bench`;
        const { status } = await cluster.send('PATCH', path, body, 'application/apply-patch+yaml');
        if (status !== 200 && status !== 201) throw new Error(`an apply was answered with ${status}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, applyNext));
    values.push((applies * 1000) / (performance.now() - since));
    await expect(200, cluster.send('DELETE', deploymentsOf));
  }
  return [{ what: `Server-side applies of a Deployment, ${atOnce} at once`, unit: '/s', values }];
}
