import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import type { RunningCluster } from './running-cluster.ts';

/** The smallest program there is: it answers, so that it can be ready. */
const answering = `require('node:http').createServer((request, response) => response.end()).listen(8080)`;

const podsOf = '/api/v1/namespaces/default/pods';
export const deploymentsOf = '/apis/apps/v1/namespaces/default/deployments';

/** A pod of one tiny Node program that is ready once it answers on its port. */
function tinyPod(name: string): { apiVersion: 'v1'; kind: 'Pod'; metadata: object; spec: object } {
  const container = {
    name: 'main',
    image: 'node:24',
    command: ['node', '-e', answering],
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  };
  const metadata = { name, labels: { app: name } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
}

export function tinyDeployment(name: string, replicas: number): object {
  const { metadata, spec } = tinyPod(name);
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector, template: { metadata, spec } },
  };
}

/** From the create of a pod to its Ready condition, as a watch tells it; ms. One pod after the other. */
export async function measurePods(cluster: RunningCluster, runs: number): Promise<Figure[]> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await podToReady(cluster, `tiny-${run}`));
  await clear(cluster);
  return [{ what: 'Create of a pod (a tiny Node program) to Ready', unit: 'ms', values, wanted: '< 300 ms' }];
}

/** Creates a pod, and answers the ms until it is ready. It stays. */
async function podToReady(cluster: RunningCluster, name: string): Promise<number> {
  const since = performance.now();
  await expect(201, cluster.send('POST', podsOf, tinyPod(name)));
  await watchUntil(cluster, `${podsOf}?watch=1&fieldSelector=metadata.name=${name}`, isReady);
  return performance.now() - since;
}

/** Deletes all there is, and waits until the pods are gone. */
export async function clear(cluster: RunningCluster): Promise<void> {
  await cluster.send('DELETE', deploymentsOf);
  await cluster.send('DELETE', `${podsOf}?gracePeriodSeconds=0`);
  for (;;) {
    const { items } = (await expect(200, cluster.send('GET', podsOf))) as { items: unknown[] };
    if (items.length === 0) return;
    await delay(20);
  }
}

/** From the create of a Deployment to all its pods available; ms. It stays. */
export async function deploymentToReady(cluster: RunningCluster, name: string, replicas: number): Promise<number> {
  const since = performance.now();
  await expect(201, cluster.send('POST', deploymentsOf, tinyDeployment(name, replicas)));
  await watchUntil(cluster, `${deploymentsOf}?watch=1&fieldSelector=metadata.name=${name}`, ({ object }) => {
    return (object.status as { availableReplicas?: number } | undefined)?.availableReplicas === replicas;
  });
  return performance.now() - since;
}

/** @throws Error when the answer is another */
export async function expect(status: number, answer: ReturnType<RunningCluster['send']>): Promise<unknown> {
  const { status: found, body } = await answer;
  if (found !== status) throw new Error(`${found} instead of ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Milliseconds that something takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await run();
  return performance.now() - since;
}

interface WatchEvent {
  type: string;
  object: { metadata: { name: string }; status?: object };
}

async function watchUntil(cluster: RunningCluster, path: string, fits: (event: WatchEvent) => boolean): Promise<void> {
  const answer = await cluster.open(path);
  try {
    for await (const line of createInterface(answer)) if (fits(JSON.parse(line) as WatchEvent)) return;
  } finally {
    answer.destroy();
  }
  throw new Error(`the watch of ${path} ended too early`);
}

function isReady({ object }: WatchEvent): boolean {
  const { conditions = [] } = (object.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
