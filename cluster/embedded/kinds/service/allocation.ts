import { randomInt } from 'node:crypto';
import type { Service } from '../types.ts';

/** The cluster's Service network, 10.96.0.0/16; .0.1 is left to the API server itself, as everywhere. */
const NETWORK = '10.96';
const FIRST_NODE_PORT = 30000;
const LAST_NODE_PORT = 32767;

/** Whether an address can be a clusterIP here. */
export function isServiceAddress(address: string): boolean {
  return /^10\.96\.\d{1,3}\.\d{1,3}$/.test(address) && address.split('.').every((part) => Number(part) < 256);
}

/** Gives a Service that needs one a free clusterIP. A headless one (`None`) keeps that. */
export function allocateClusterIP({ spec }: Service, others: Service[]): void {
  if (!spec || spec.type === 'ExternalName') return;
  spec.clusterIP ||= spec.clusterIPs?.[0] || freeAddress(new Set(others.map((other) => other.spec?.clusterIP)));
  spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
}

function freeAddress(taken: Set<string | undefined>): string {
  for (;;) {
    const address = `${NETWORK}.${randomInt(256)}.${randomInt(2, 255)}`;
    if (!taken.has(address)) return address;
  }
}

/** Gives the ports of a NodePort or LoadBalancer Service their node ports, the old ones where it had them. */
export function allocateNodePorts({ spec }: Service, others: Service[], old?: Service): void {
  if (!spec?.ports) return;
  const wants = spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts);
  if (!wants) {
    // Going back to ClusterIP gives up the ports that were allocated.
    if (old && old.spec?.type !== spec.type) for (const port of spec.ports) delete port.nodePort;
    return;
  }
  const taken = new Set([...others.map(portsOf), spec.ports.map(({ nodePort }) => nodePort)].flat());
  for (const port of spec.ports) {
    port.nodePort ??= old?.spec?.ports?.find(
      (other) => other.port === port.port && other.protocol === port.protocol,
    )?.nodePort;
    while (!port.nodePort) {
      const candidate = randomInt(FIRST_NODE_PORT, LAST_NODE_PORT + 1);
      if (!taken.has(candidate)) port.nodePort = candidate;
    }
    taken.add(port.nodePort);
  }
}

function portsOf({ spec }: Service): (number | undefined)[] {
  return (spec?.ports ?? []).map(({ nodePort }) => nodePort);
}
