import type { Api } from '../apiserver/api.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import { startController, type Running } from '../reconcile/controller.ts';
import { serviceRoutes } from './service-routes.ts';

/**
 * The kube-proxy of this cluster: brings Services and EndpointSlices to the pod network. Every change leads to the one
 * same key, the whole table: it is small, and replacing it leaves nothing behind.
 */
export function startServiceProxy(api: Api, network: PodNetwork, hostAddress: string): Running {
  const whole = () => 'table';
  return startController(api, {
    name: 'service-proxy',
    // Pods matter only as the owners of addresses that a client wrote into a slice of its own.
    watch: { Service: whole, EndpointSlice: whole, Pod: (_pod, type) => (type === 'MODIFIED' ? null : whole()) },
    reconcile: () => reconcileRoutes(api, network, hostAddress),
  });
}

async function reconcileRoutes(api: Api, network: PodNetwork, hostAddress: string): Promise<void> {
  const [services, slices, pods] = await Promise.all([api.list('Service'), api.list('EndpointSlice'), api.list('Pod')]);
  network.setServices(serviceRoutes({ services: services.items, slices: slices.items, pods: pods.items, hostAddress }));
}
