import type { Cluster } from '../client/cluster.ts';
import { ClusterError } from '../client/errors.ts';
import { isReady, runningPods } from '../client/pods-of-app.ts';
import type { Evidence, Lease } from './fault.ts';

const bank = 'bank';
const adminPort = 9000;

interface Behaviour {
  faults: (Lease & { delayed: number; failed: number })[];
}

/** The bank is a third party whose behaviour is its configuration: every one of its pods is told, and ends it by itself. */
export async function tellBank(cluster: Cluster, lease: Lease): Promise<void> {
  await eachPod(cluster, (pod) => ask(cluster, pod, 'PUT', '/behaviour', { faults: [lease] }));
}

export async function recoverBank(cluster: Cluster, lease: Lease): Promise<void> {
  await eachPod(cluster, (pod) => ask(cluster, pod, 'DELETE', `/behaviour/${encodeURIComponent(lease.id)}`));
}

export async function bankEvidence(cluster: Cluster, lease: Lease): Promise<Evidence> {
  const evidence: Evidence = { delayed: 0, failed: 0, pods: [] };
  await eachPod(cluster, async (pod) => {
    const found = (await behaviour(cluster, pod)).find(({ id }) => id === lease.id);
    if (!found) return;
    evidence.delayed += found.delayed;
    evidence.failed += found.failed;
    evidence.pods.push(pod);
  });
  return evidence;
}

export async function activeAtBank(cluster: Cluster, fault: string): Promise<Lease[]> {
  const leases = new Map<string, Lease>();
  await eachPod(cluster, async (pod) => {
    for (const { id, fault, target, parameters, startedAt, endsAt } of await behaviour(cluster, pod)) {
      leases.set(id, { id, fault, target, parameters, startedAt, endsAt });
    }
  });
  return [...leases.values()].filter((lease) => lease.fault === fault);
}

/** The bank's name, when it is there. */
export async function bankTargets(cluster: Cluster): Promise<string[]> {
  return cluster.view.deployments.get(bank) ? [bank] : [];
}

async function behaviour(cluster: Cluster, pod: string): Promise<Behaviour['faults']> {
  return (JSON.parse(await ask(cluster, pod, 'GET', '/behaviour')) as Behaviour).faults;
}

/**
 * Running pods only: one that starts later is told by the next `apply`, one that ends takes its behaviour with it. One that
 * is not ready may not listen yet, so that its silence is no failure.
 */
async function eachPod(cluster: Cluster, act: (pod: string) => Promise<unknown>): Promise<void> {
  await Promise.all(
    runningPods(cluster, bank).map(async (pod) => {
      try {
        await act(pod.metadata.name);
      } catch (error) {
        if (isReady(pod)) throw error;
      }
    }),
  );
}

async function ask(cluster: Cluster, pod: string, method: string, path: string, body?: object): Promise<string> {
  const answer = await cluster.http(pod, adminPort, { method, path, body });
  const goneAlready = method === 'DELETE' && answer.status === 404;
  if (answer.status >= 300 && !goneAlready) {
    throw new ClusterError(
      'bank-refused',
      `${pod} refused ${method} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`,
    );
  }
  return answer.body;
}
