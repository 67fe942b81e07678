import type { Cluster } from '../../cluster/client/cluster.ts';
import { isReady, runningPods } from '../../cluster/client/pods-of-app.ts';
import { CodedError } from '../errors.ts';
import { keeperOf, namedPort } from '../shop-facts/shop-facts.ts';
import type { AskBank } from './bank-statement.ts';

/** Asks a pod of whoever keeps the charges; they keep one book. The others are asked while none is ready: who is slow to serve may answer. */
export function askBank(cluster: Cluster): AskBank {
  return async (request) => {
    const { service: keeper } = keeperOf(cluster, 'charges');
    const pods = runningPods(cluster, keeper);
    const pod = pods.find(isReady) ?? pods[0];
    if (!pod) throw new CodedError('cluster-unreachable', `No pod of ${keeper} runs; its statement is waited for.`);
    return cluster.http(pod.metadata.name, namedPort(pod, 'admin'), request);
  };
}
