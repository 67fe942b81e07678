import type { Api } from '../apiserver/api.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import type { Running } from '../reconcile/controller.ts';
import { startNetworkPolicyAgent } from './network-policy/network-policy.ts';
import { startServiceProxy } from './service-proxy/service-proxy.ts';

/** What node agents stand on. */
export interface NodeAgentServices {
  api: Api;
  network: PodNetwork;
  /** The address under which pods reach the machine itself. */
  hostAddress: string;
}

/**
 * Every agent that brings objects of the API to the nodes, as kube-proxy does on a real one. All nodes share one data
 * plane here, so there is one of each.
 */
const agents: ((services: NodeAgentServices) => Running)[] = [startServiceProxy, startNetworkPolicyAgent];

export function startNodeAgents(services: NodeAgentServices): Running[] {
  return agents.map((start) => start(services));
}
