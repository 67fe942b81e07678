import type { Duplex } from 'node:stream';
import type { StreamFault } from '../../network-faults/index.ts';

/** The pod network as the cluster process sees it. The bytes flow in a process of their own, the data plane. */
export interface PodNetwork {
  /** Gives a pod its address, and the environment its containers need to live on the network. */
  attach(pod: PodIdentity): Promise<PodAttachment>;
  /** Takes the pod off: its connections are reset, its address is free again. Idempotent. */
  detach(uid: string): Promise<void>;
  /**
   * For programs the preload cannot reach (PostgreSQL): the kubelet had the program listen on `realPort` of loopback, and
   * publishes that as port `podPort` of the pod.
   */
  publish(uid: string, podPort: number, realPort: number): Promise<void>;
  /** A free loopback port, for `publish`. */
  freePort(): Promise<number>;
  /**
   * Connects from the node to a port of the pod (probes, proxies), past all faults and policies; `loopback`: as from within the pod
   * (port-forward), whose localhost is then reached too. Rejects with the errno.
   */
  dial(uid: string, port: number, options?: { loopback?: boolean }): Promise<Duplex>;
  /** Replaces the whole table of services. */
  setServices(services: ServiceRoute[]): void;
  /** Replaces the whole table of network policies. */
  setPolicies(policies: PodPolicy[]): void;
  /**
   * Replaces the whole table of faults; resolves once it is in force, and what those that went had counted has been told. A
   * rule that is there already, by its id, keeps the lease it began with.
   */
  setFaults(faults: FaultRule[]): Promise<void>;
  /** Which faults the data plane lets act now, by its own word. */
  actingFaults(): Promise<string[]>;
  /**
   * Calls `listener` with what each fault has done so far, by its id: at its first effect at once, then four times a second
   * while it changes. A data plane that was started anew is another `counter`, and counts from 0. Returns what ends it.
   */
  onFaultCounts(listener: (counts: Record<string, FaultCounts>, counter: string) => void): () => void;
  /**
   * Calls `listener` with the ports of the machine that Services want and that could not be had, each with the name of the
   * errno: all of them, whenever that changes. Returns what ends it.
   */
  onMachinePortErrors(listener: (errors: Record<number, string>) => void): () => void;
  /** Ends the data plane process. */
  close(): Promise<void>;
}

export interface PodIdentity {
  uid: string;
  name: string;
  namespace: string;
  /** What it calls itself; its name, unless its spec says otherwise. */
  hostname?: string;
  nodeName: string;
}

export interface PodAttachment {
  ip: string;
  /** To merge into the environment of every container of the pod (NODE_OPTIONS is to be appended to, not replaced). */
  env: Record<string, string>;
  /** node's own arguments for a Node program: `--require <preload>`. */
  nodeArguments: string[];
}

/** A pod; the machine itself, which has the lab server on it; or an address, which may be that of a pod. */
export type ServiceMember = { uid: string } | { host: true } | { address: string };

/** Whom a port of a Service leads to. One that is terminating is called only where there is no other. */
export type ServiceEndpoint = ServiceMember & { port: number; terminating?: true };

export interface ServiceRoute {
  namespace: string;
  name: string;
  clusterIP: string | null;
  /** The name that it is another name for (type ExternalName). */
  externalName?: string;
  /** Callers are led to endpoints on their own node only (internalTrafficPolicy Local). */
  localOnly?: true;
  /** Until this long after its last connection a caller is led to the same endpoint, in ms (sessionAffinity ClientIP). */
  affinityMs?: number;
  /** All that stand behind it, whatever their ports: what the name of a headless Service leads to. */
  members: (ServiceMember & { hostname?: string })[];
  ports: ServicePort[];
}

export interface ServicePort {
  /** '' for the only one. */
  name: string;
  port: number;
  /** The port of every node that leads here too. */
  nodePort?: number;
  /** The ports of the machine's own loopback that lead here: its node port, and that of a load balancer. */
  machinePorts?: number[];
  endpoints: ServiceEndpoint[];
}

/** A network policy, with its selectors as the pods that they find. */
export interface PodPolicy {
  /** Uids of those that it isolates, in each direction that it has rules for. */
  pods: string[];
  /** Who may call them; absent where it is not about that. */
  ingress?: PolicyRule[];
  /** Whom they may call. */
  egress?: PolicyRule[];
}

/** Permits connections between the pods of the policy and these peers, to these ports. */
export interface PolicyRule {
  /** null: everybody. */
  peers: { pods: string[]; blocks: { cidr: string; except: string[] }[] } | null;
  /** null: all. A named port is another number in each pod that is called, by its uid. */
  ports: ({ from: number; to: number } | { byPod: Record<string, number> })[] | null;
}

export type FaultRule = (EdgeOfRule | AroundOfRule) & {
  id: string;
  fault: StreamFault;
  /** What is left of its lease, in ms, at the moment of handing over: the data plane counts it down by its own clock. */
  remainingMs: number;
};

/** It acts on the calls of some pods to some Services. */
export interface EdgeOfRule {
  /** Uids of the calling pods. */
  sources: string[];
  /** The Services that are called, as `namespace/name`. */
  destinations: string[];
}

/**
 * It acts on what goes in and out of some pods, but not on what they say to each other; nor to the machine, which probes them and
 * takes in what they report.
 */
export interface AroundOfRule {
  /** Names of the pods, by uid. */
  around: Record<string, string>;
}

export interface FaultCounts {
  /** Calls held back. */
  delayed: number;
  /** Calls failed. */
  failed: number;
  /** Connections dropped. */
  dropped: number;
  /** Connections that carry nothing that the fault acts on. */
  leftAlone: number;
  /** Names of the pods that have met it: of an edge those that call. */
  pods: string[];
}
