/**
 * The address plan. Pods live in 10.244.<node>.<n>, as kubeadm and kind lay it out; the machine itself is 10.240.0.1.
 * Nothing of this exists in the kernel: the preload and the data plane agree on it.
 */
export const HOST_IP = '10.240.0.1';

/** Kubernetes' default range for clusterIPs, the pods, the host: an address in here never means the real internet. */
const CLUSTER_RANGES = [/^10\.(9[6-9]|10\d|11[01])\./, /^10\.244\./, /^10\.240\.0\./];

/** Of the virtual nodes beside the machine, counted from 0: 10.240.0.11 and on. */
export function nodeAddress(index: number): string {
  return `10.240.0.${index + 11}`;
}

export function isNodeAddress(address: string): boolean {
  return address !== HOST_IP && address.startsWith('10.240.0.');
}

export function isClusterAddress(address: string): boolean {
  return CLUSTER_RANGES.some((range) => range.test(address));
}

/**
 * On Linux all of 127.0.0.0/8 is local, so a connection can carry its caller in its source address: pod 10.244.a.b comes
 * from 127.77.a.b, the host from 127.77.0.1 (the preload translates back). Elsewhere it comes from 127.0.0.1.
 */
export function sourceAlias(ip: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (ip === HOST_IP) return '127.77.0.1';
  return ip.replace(/^10\.244\./, '127.77.');
}

/** Hands out pod addresses node by node, each as late again as possible, as a real cluster's IPAM does. */
export class PodAddresses {
  #nodes: string[] = [];
  #next = new Map<string, number>();
  #taken = new Set<string>();

  take(nodeName: string): string {
    if (!this.#nodes.includes(nodeName)) this.#nodes.push(nodeName);
    const subnet = this.#nodes.indexOf(nodeName) + 1;
    for (let tries = 0; tries < 253; tries++) {
      const host = this.#next.get(nodeName) ?? 2;
      this.#next.set(nodeName, host === 254 ? 2 : host + 1);
      const ip = `10.244.${subnet}.${host}`;
      if (this.#taken.has(ip)) continue;
      this.#taken.add(ip);
      return ip;
    }
    throw new AddressesExhaustedError(nodeName);
  }

  release(ip: string): void {
    this.#taken.delete(ip);
  }
}

class AddressesExhaustedError extends Error {
  readonly code = 'AddressesExhausted';
  constructor(nodeName: string) {
    super(`node ${nodeName} has no pod address left: it runs 253 pods; delete some or schedule to another node`);
    this.name = 'AddressesExhaustedError';
  }
}
