import { isDeepStrictEqual } from 'node:util';
import type { PodPolicy } from '../../network/pod-network.ts';
import { startController, type Running } from '../../reconcile/controller.ts';
import type { NodeAgentServices } from '../index.ts';
import { podPolicies } from './pod-policies.ts';

/**
 * Brings network policies to the pod network, whose data plane enforces them. Every change leads to the one same key, the whole
 * table. A pod is in it from its creation on, which is before its first process runs.
 */
export function startNetworkPolicyAgent({ api, network }: NodeAgentServices): Running {
  const whole = () => 'table';
  let inForce: PodPolicy[] = [];
  return startController(api, {
    name: 'network-policy',
    watch: { NetworkPolicy: whole, Namespace: whole, Pod: whole },
    async reconcile() {
      const { items: policies } = await api.list('NetworkPolicy');
      // Without any, pods that come and go are nobody's business.
      const [pods, namespaces] = policies.length
        ? await Promise.all([api.list('Pod'), api.list('Namespace')])
        : [{ items: [] }, { items: [] }];
      const wanted = podPolicies({ policies, pods: pods.items, namespaces: namespaces.items });
      if (isDeepStrictEqual(wanted, inForce)) return;
      inForce = wanted;
      network.setPolicies(wanted);
    },
  });
}
