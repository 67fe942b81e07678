import { createInterface } from 'node:readline';
import type { Figure } from '../figure.ts';
import { expect, timed } from './pods.ts';
import type { RunningCluster } from './running-cluster.ts';

const watchers = 200;
const objects = 100;
const writes = 20;
const configMaps = '/api/v1/namespaces/default/configmaps';

/**
 * While so many watch: a list of a hundred objects, and a write until the last watcher has heard of it. The client is one
 * process on the same machine, so its own work is in the figures.
 */
export async function measureWatchers(cluster: RunningCluster, runs: number): Promise<Figure[]> {
  for (let i = 0; i < objects; i++)
    await expect(201, cluster.send('POST', configMaps, { metadata: { name: `map-${i}` }, data: { color: 'blue' } }));
  const { metadata } = (await expect(200, cluster.send('GET', configMaps))) as {
    metadata: { resourceVersion: string };
  };
  const from = `${configMaps}?watch=1&resourceVersion=${metadata.resourceVersion}`;
  let heard = 0;
  let allHeard = Promise.withResolvers<void>();
  const answers = await Promise.all(Array.from({ length: watchers }, () => cluster.open(from)));
  for (const answer of answers) {
    createInterface(answer).on('line', () => {
      if (++heard === watchers) allHeard.resolve();
    });
  }
  const lists: number[] = [];
  const deliveries: number[] = [];
  for (let run = 0; run < runs * writes; run++) {
    lists.push(await timed(() => expect(200, cluster.send('GET', configMaps))));
    heard = 0;
    allHeard = Promise.withResolvers();
    deliveries.push(
      await timed(async () => {
        const patch = { data: { run: String(run) } };
        await expect(200, cluster.send('PATCH', `${configMaps}/map-0`, patch, 'application/merge-patch+json'));
        await allHeard.promise;
      }),
    );
  }
  for (const answer of answers) answer.destroy();
  await expect(200, cluster.send('DELETE', configMaps));
  return [
    { what: `List of ${objects} objects while ${watchers} watch`, unit: 'ms', values: lists },
    { what: `A write to the last of ${watchers} watchers`, unit: 'ms', values: deliveries },
  ];
}
