import type { Api } from '../apiserver/api.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import type { Running } from '../reconcile/controller.ts';
import { startDeploymentController } from './deployment.ts';
import { startEndpointsController } from './endpoints.ts';
import { startEventExpiry } from './event-expiry.ts';
import { startFaultController } from './faults/start.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startNodeLifecycleController } from './node-lifecycle.ts';
import { startOrphanedPodsController } from './orphaned-pods.ts';
import { startReplicaSetController } from './replicaset.ts';
import { startServiceProxy } from './service-proxy.ts';

/** Every controller there is. */
export function startControllers(api: Api, network: PodNetwork, hostAddress: string): Running[] {
  return [
    startDeploymentController(api),
    startReplicaSetController(api),
    startEndpointsController(api),
    startNodeLifecycleController(api),
    startGarbageCollector(api),
    startOrphanedPodsController(api),
    startEventExpiry(api),
    startServiceProxy(api, network, hostAddress),
    startFaultController(api, network),
  ];
}
