import type { EndpointSlice, Pod, Service } from '../../kinds/types.ts';
import { isReady } from '../../reconcile/pod-state.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type Port = NonNullable<EndpointSlice['ports']>[number];
type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

export interface SliceContent {
  ports: Port[];
  endpoints: Endpoint[];
}

/**
 * What the EndpointSlices of a Service say: one slice for each set of ports, since a named targetPort may be another
 * number in another pod (in the middle of a rollout, for example). Sorted, so that the same world gives the same slices.
 */
export function slicesOf(service: Service, pods: Pod[]): SliceContent[] {
  const slices = new Map<string, SliceContent>();
  const sorted = [...pods].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const pod of sorted) {
    const phase = pod.status?.phase;
    if (!pod.status?.podIP || phase === 'Succeeded' || phase === 'Failed') continue;
    const ports = (service.spec?.ports ?? []).map((port) => resolvePort(port, pod)).filter((port) => port !== null);
    const key = JSON.stringify(ports);
    const slice = slices.get(key) ?? { ports, endpoints: [] };
    slice.endpoints.push(endpointOf(service, pod));
    slices.set(key, slice);
  }
  return [...slices.values()];
}

function resolvePort(port: ServicePort, pod: Pod): Port | null {
  const target = port.targetPort ?? port.port;
  const number = typeof target === 'number' ? target : containerPort(pod, String(target));
  if (number === undefined) return null;
  return { name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' };
}

function containerPort(pod: Pod, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  for (const { ports = [] } of pod.spec?.containers ?? []) {
    const port = ports.find((candidate) => candidate.name === name);
    if (port) return port.containerPort;
  }
  return undefined;
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod.status!.podIP!],
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    // The name of its own that it has below the Service, which is the subdomain it asks for.
    ...(pod.spec?.hostname && pod.spec.subdomain === service.metadata.name && { hostname: pod.spec.hostname }),
    nodeName: pod.spec?.nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}
