import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import type { Service } from '../../kinds/types.ts';
import type { PodNetwork } from '../../network/pod-network.ts';
import { isNotFound } from '../../reconcile/api-errors.ts';
import { startController, type Running } from '../../reconcile/controller.ts';
import { startEventRecorder, type EventRecorder } from '../../reconcile/events.ts';
import type { NodeAgentServices } from '../index.ts';
import { machineIngress, portOwners, portProblems } from './machine-ports.ts';
import { serviceRoutes } from './service-routes.ts';

/**
 * The kube-proxy of this cluster: brings Services and EndpointSlices to the pod network. Every change leads to the one
 * same key, the whole table: it is small, and replacing it leaves nothing behind.
 */
export function startServiceProxy({ api, network, hostAddress }: NodeAgentServices): Running {
  const whole = () => 'table';
  const proxy = new ServiceProxy(api, network, startEventRecorder(api, 'service-proxy'), hostAddress);
  const controller = startController(api, {
    name: 'service-proxy',
    watch: { Service: whole, EndpointSlice: whole },
    reconcile: () => proxy.reconcile(),
  });
  const stopListening = network.onMachinePortErrors((errors) => {
    proxy.portErrors = errors;
    controller.lookAgain(whole(), 0);
  });
  return {
    close() {
      stopListening();
      return controller.close();
    },
  };
}

/** What the agent has to remember between two looks. */
export class ServiceProxy {
  /** Ports of the machine that could not be opened, with the name of the errno. */
  portErrors: Record<number, string> = {};
  /** What was last told of each Service, by uid. */
  #told = new Map<string, string>();
  readonly #api: Api;
  readonly #network: Pick<PodNetwork, 'setServices'>;
  readonly #recorder: EventRecorder;
  readonly #hostAddress: string;

  constructor(api: Api, network: Pick<PodNetwork, 'setServices'>, recorder: EventRecorder, hostAddress: string) {
    this.#api = api;
    this.#network = network;
    this.#recorder = recorder;
    this.#hostAddress = hostAddress;
  }

  async reconcile(): Promise<void> {
    const api = this.#api;
    const [{ items: services }, { items: slices }] = await Promise.all([
      api.list('Service'),
      api.list('EndpointSlice'),
    ]);
    this.#network.setServices(serviceRoutes({ services, slices, hostAddress: this.#hostAddress }));
    const owners = portOwners(services);
    const before = this.#told;
    this.#told = new Map();
    for (const service of services) {
      const problems = portProblems(service, owners, this.portErrors);
      const uid = service.metadata.uid!;
      const words = problems.join('; ');
      if (words) this.#told.set(uid, words);
      if (words && before.get(uid) !== words) {
        this.#recorder.event({ object: service, apiVersion: 'v1', kind: 'Service' }, 'Warning', 'PortNotOpened', words);
      }
      await this.#writeIngress(service, problems.length === 0);
    }
  }

  /** A load balancer has the machine's address once it has its ports there. */
  async #writeIngress(service: Service, hasPorts: boolean): Promise<void> {
    const ingress = service.spec?.type === 'LoadBalancer' && hasPorts ? machineIngress : [];
    if (service.metadata.deletionTimestamp) return;
    if (isDeepStrictEqual(service.status?.loadBalancer?.ingress ?? [], ingress)) return;
    const loadBalancer = ingress.length > 0 ? { ingress } : {};
    try {
      await this.#api.updateStatus('Service', { ...service, status: { ...service.status, loadBalancer } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
