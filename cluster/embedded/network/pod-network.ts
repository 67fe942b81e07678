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
  /** Connects from the node to a port of the pod (probes, port-forward): past all faults. Rejects with the errno. */
  dial(uid: string, port: number): Promise<Duplex>;
  /** Replaces the whole table of services. */
  setServices(services: ServiceRoute[]): void;
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
  /** Ends the data plane process. */
  close(): Promise<void>;
}

export interface PodIdentity {
  uid: string;
  name: string;
  namespace: string;
  /** Value of the pod's `app` label, for matching faults; '' without. */
  app: string;
  nodeName: string;
}

export interface PodAttachment {
  ip: string;
  /** To merge into the environment of every container of the pod (NODE_OPTIONS is to be appended to, not replaced). */
  env: Record<string, string>;
  /** node's own arguments for a Node program: `--require <preload>`. */
  nodeArguments: string[];
}

/** A pod, or the machine itself, which has the lab server on it. */
export type ServiceMember = { uid: string } | { host: true };

export interface ServiceRoute {
  namespace: string;
  name: string;
  clusterIP: string | null;
  /** All that stand behind it, whatever their ports: what the name of a headless Service leads to. */
  members: ServiceMember[];
  /** Ready endpoints. */
  ports: { port: number; endpoints: (ServiceMember & { port: number })[] }[];
}

export interface FaultRule {
  id: string;
  /** Uids of the calling pods on whose connections it acts. */
  sources: string[];
  /** The Services that are called, as `namespace/name`. */
  destinations: string[];
  fault: StreamFault;
  /** What is left of its lease, in ms, at the moment of handing over: the data plane counts it down by its own clock. */
  remainingMs: number;
}

export interface FaultCounts {
  /** Calls held back. */
  delayed: number;
  /** Names of the calling pods that have met it. */
  pods: string[];
}
