import type { Cluster } from '../../cluster/client/cluster.ts';
import { isReady, runningPods } from '../../cluster/client/pods-of-app.ts';
import { CodedError } from '../errors.ts';
import type { AskBank } from './bank-statement.ts';

const app = 'bank';
const adminPort = 9000;

/** Asks a pod of the bank; they keep one book. The others are asked while none is ready: who is slow to serve may answer. */
export function askBank(cluster: Cluster): AskBank {
  return async (request) => {
    const pods = runningPods(cluster, app);
    const pod = pods.find(isReady) ?? pods[0];
    if (!pod) throw new CodedError('cluster-unreachable', 'No pod of the bank runs; its statement is waited for.');
    return cluster.http(pod.metadata.name, adminPort, request);
  };
}
