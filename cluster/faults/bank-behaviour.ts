import type { Cluster } from '../client/cluster.ts';
import { ClusterError } from '../client/errors.ts';
import { isReady, runningPods } from '../client/pods-of-app.ts';
import type { Acting, Evidence, Lease } from './fault.ts';

const bank = 'bank';
const adminPort = 9000;

type Told = Lease & { delayed: number; failed: number };

/** The bank is a third party whose behaviour is its configuration: every one of its pods is told, and ends it by itself. */
export async function tellBank(cluster: Cluster, lease: Lease): Promise<void> {
  const { failures } = await eachPod(cluster, (pod) => ask(cluster, pod, 'PUT', '/behaviour', { faults: [lease] }));
  throwIfReady(failures);
}

export async function recoverBank(cluster: Cluster, lease: Lease): Promise<Evidence[]> {
  const { answers, failures } = await eachPod(cluster, async (pod) => {
    const answer = await ask(cluster, pod, 'DELETE', `/behaviour/${encodeURIComponent(lease.id)}`);
    const { ended } = JSON.parse(answer) as { ended?: Told };
    return ended ? [counted(pod, ended)] : [];
  });
  throwIfReady(failures);
  return answers.flat();
}

/** A pod that does not answer is left out; that it does not is what `tellBank` throws, as often. */
export async function bankEvidence(cluster: Cluster, lease: Lease): Promise<Evidence[]> {
  const { answers } = await eachPod(cluster, async (pod) => {
    const told = await behaviour(cluster, pod);
    return told.filter(({ id }) => id === lease.id).map((fault) => counted(pod, fault));
  });
  return answers.flat();
}

export async function activeAtBank(cluster: Cluster, kind: string): Promise<Acting> {
  const { answers, failures } = await eachPod(cluster, (pod) => behaviour(cluster, pod));
  const leases = new Map<string, Lease>();
  for (const { id, fault, target, parameters, startedAt, endsAt } of answers.flat()) {
    if (fault === kind) leases.set(id, { id, fault, target, parameters, startedAt, endsAt });
  }
  return { leases: [...leases.values()], silent: failures.map(({ pod }) => pod) };
}

/** The bank's name, when it is there. */
export async function bankTargets(cluster: Cluster): Promise<string[]> {
  return cluster.view.deployments.get(bank) ? [bank] : [];
}

async function behaviour(cluster: Cluster, pod: string): Promise<Told[]> {
  return (JSON.parse(await ask(cluster, pod, 'GET', '/behaviour')) as { faults: Told[] }).faults;
}

function counted(pod: string, { delayed, failed }: Told): Evidence {
  return { counter: pod, delayed, failed, pods: [pod] };
}

interface Outcome<T> {
  answers: T[];
  /** `ready`: when it was asked. */
  failures: { pod: string; ready: boolean; error: unknown }[];
}

/**
 * Running pods only: one that starts later is told by the next `apply`, one that ends takes its behaviour with it: the silence
 * of one that is gone by now is no failure. Resolves when nothing is under way any more, so that what follows is not
 * overtaken by what was before.
 */
async function eachPod<T>(cluster: Cluster, act: (pod: string) => Promise<T>): Promise<Outcome<T>> {
  const pods = runningPods(cluster, bank).map((pod) => ({ pod: pod.metadata.name, ready: isReady(pod) }));
  const outcome: Outcome<T> = { answers: [], failures: [] };
  await Promise.all(
    pods.map(async ({ pod, ready }) => {
      try {
        outcome.answers.push(await act(pod));
      } catch (error) {
        const isThere = runningPods(cluster, bank).some(({ metadata }) => metadata.name === pod);
        if (isThere) outcome.failures.push({ pod, ready, error });
      }
    }),
  );
  return outcome;
}

/** One that was not ready when it was asked may not listen yet: that it cannot be told is no error, it is told later. */
function throwIfReady(failures: Outcome<unknown>['failures']): void {
  const failure = failures.find(({ ready }) => ready);
  if (failure) throw failure.error;
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
