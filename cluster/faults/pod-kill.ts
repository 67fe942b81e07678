import { ClusterError } from '../client/errors.ts';
import type { Evidence, Fault, Lease } from './fault.ts';

/** One pod dies at once, without a chance to drain; its Deployment replaces it. There is nothing to undo. */
export const podKill: Fault = {
  id: 'pod-kill',
  title: 'Kill a pod',
  category: 'process',
  summary: 'The pod is killed without a grace period; its Deployment starts another.',
  targetKind: 'pod',
  parameters: [],
  duration: { default: 0, max: 0 },
  async targets(cluster) {
    const pods = cluster.view.pods.list().filter(({ metadata }) => !metadata.deletionTimestamp);
    return pods.map(({ metadata }) => metadata.name);
  },
  async apply(cluster, lease) {
    const namespace = cluster.view.pods.get(lease.target)?.metadata.namespace;
    if (!(await cluster.delete('v1', 'Pod', lease.target, { namespace, gracePeriodSeconds: 0 }))) {
      throw new ClusterError('pod-gone', `There is no pod ${lease.target} to kill; choose one that runs.`, {
        status: 404,
      });
    }
  },
  recover: async (_cluster, lease) => killed(lease),
  evidence: async (_cluster, lease) => killed(lease),
  active: async () => ({ leases: [], silent: [] }),
};

/** That it began is that it hit its pod. */
function killed({ id, target }: Lease): Evidence[] {
  return [{ counter: id, delayed: 0, failed: 0, pods: [target] }];
}
