import { BlockList } from 'node:net';
import type { PodPolicy, PolicyRule } from '../pod-network.ts';

/** One end of a connection; whoever is no pod has no uid. */
interface Party {
  uid?: string;
  ip: string;
}

type CompiledRule = (peer: Party, calledUid: string | undefined, port: number) => boolean;
type Direction = 'ingress' | 'egress';

/**
 * Which connections network policies let through (kubernetes.io: Network Policies). A pod that a policy selects is isolated in
 * that direction: only what one of its policies permits comes through. It is asked when a connection is made: those that stand go
 * on, as where they are tracked by the kernel. What a pod says to itself, and the machine as its node to it, is always let through,
 * and so are its questions for names, which are no connections here.
 */
export class Policies {
  /** Rules by the uid of each isolated pod. */
  #isolated: Record<Direction, Map<string, CompiledRule[]>> = { ingress: new Map(), egress: new Map() };

  set(policies: PodPolicy[]): void {
    this.#isolated = { ingress: new Map(), egress: new Map() };
    for (const policy of policies) {
      for (const direction of ['ingress', 'egress'] as const) {
        const rules = policy[direction]?.map(compile);
        if (!rules) continue;
        const isolated = this.#isolated[direction];
        for (const uid of policy.pods) isolated.set(uid, [...(isolated.get(uid) ?? []), ...rules]);
      }
    }
  }

  /** Whether `source` may connect to a port of `destination`. */
  allow(source: Party, destination: Party, port: number): boolean {
    // The machine has no uid of a pod: it calls as the node, which may.
    if (!source.uid || source.uid === destination.uid) return true;
    const permitted = (direction: Direction, pod: Party, peer: Party) => {
      const rules = this.#isolated[direction].get(pod.uid ?? '');
      return !rules || rules.some((rule) => rule(peer, destination.uid, port));
    };
    return permitted('egress', source, destination) && permitted('ingress', destination, source);
  }
}

function compile({ peers, ports }: PolicyRule): CompiledRule {
  const pods = new Set(peers?.pods);
  const blocks = (peers?.blocks ?? []).map(({ cidr, except }) => ({ inside: listOf([cidr]), outside: listOf(except) }));
  const isPeer = ({ uid, ip }: Party) =>
    !peers ||
    (uid !== undefined && pods.has(uid)) ||
    blocks.some(({ inside, outside }) => has(inside, ip) && !has(outside, ip));
  return (peer, calledUid, port) =>
    isPeer(peer) &&
    (!ports ||
      ports.some((each) =>
        'byPod' in each ? each.byPod[calledUid ?? ''] === port : port >= each.from && port <= each.to,
      ));
}

function listOf(cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

function has(list: BlockList, ip: string): boolean {
  return list.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4');
}
