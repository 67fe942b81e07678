import type { Duplex } from 'node:stream';

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
  /** Replaces the whole table of faults. */
  setFaults(faults: FaultRule[]): void;
  /** What each fault has done so far, by its id. */
  faultCounters(): Promise<Record<string, FaultCounters>>;
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
  /** `app` of the calling pod; null is every caller. */
  source: string | null;
  destination: { namespace: string; name: string };
  delayMs: number;
  jitterMs: number;
  /** Unix time in ms; the data plane ends the fault then, by its own clock. */
  expiresAt: number;
}

export interface FaultCounters {
  delayed: number;
  connections: number;
  pods: string[];
}
