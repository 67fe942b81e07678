import type { FaultCounts, FaultRule, PodIdentity, ServiceRoute } from './pod-network.ts';

/** A pod as the data plane is told of it. */
export interface PodRecord extends PodIdentity {
  ip: string;
  /** What the pod's processes prove themselves with. */
  token: string;
  /** [port of the pod, real loopback port] of programs without the preload. */
  published: [number, number][];
}

/** All that the data plane has to know: it is sent whole, always, so that a restarted data plane misses nothing. */
export interface NetworkState {
  pods: PodRecord[];
  services: ServiceRoute[];
  faults: FaultRule[];
}

/** Cluster process -> data plane, one JSON line each on its stdin. Each is answered once, with the same id. */
export type ClusterRequest =
  | { type: 'state'; state: NetworkState }
  /** Which real port is behind a port of a pod? */
  | { type: 'port'; uid: string; port: number }
  /** Which faults act now? */
  | { type: 'acting' };

export interface ClusterReply {
  id: number;
  realPort?: number;
  acting?: string[];
}

/** Data plane -> cluster process, unasked: what each fault has done so far, by its id. */
export interface CountsMessage {
  counts: Record<string, FaultCounts>;
}

/** Preload -> data plane, on the Unix socket. `hello` is first; `resolve` and `dial` are answered with the same id. */
export type PodMessage =
  | { type: 'hello'; token: string; pid: number }
  | { type: 'listen'; port: number; realPort: number; loopback: boolean }
  | { type: 'unlisten'; port: number }
  | { type: 'resolve'; id: number; name: string }
  | { type: 'dial'; id: number; address: string; port: number }
  /** The connection to the edge port stands: it comes from `localPort`, which is how the data plane knows it. */
  | { type: 'connected'; id: number; localPort: number }
  /** The caller closed its socket before the dial was answered. */
  | { type: 'abandon'; id: number };

export type ResolveReply = { addresses: string[] } | { outside: true };

export type DialReply =
  /** Connect here: the data plane carries it on. */
  | { edgePort: number }
  /** Connect here, without the data plane: it is the pod's own loopback. */
  | { ownPort: number }
  | { error: string }
  /** Not of this cluster: connect as if there were no pod network. */
  | { outside: true };
