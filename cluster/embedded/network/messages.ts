import type { FaultCounts, FaultRule, PodIdentity, PodPolicy, ServiceRoute } from './pod-network.ts';

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
  policies: PodPolicy[];
  faults: FaultRule[];
}

/** Cluster process -> data plane, one JSON line each on its stdin. Each is answered once, with the same id. */
export type ClusterRequest =
  | { type: 'state'; state: NetworkState }
  /** Which real port is behind a port of a pod? `loopback`: one on the pod's own localhost alone will do. */
  | { type: 'port'; uid: string; port: number; loopback: boolean }
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

/** Data plane -> cluster process, unasked: the ports of the machine that it could not have. */
export interface MachinePortsMessage {
  machinePortErrors: Record<number, string>;
}

/** Preload -> data plane, on the Unix socket. `hello` is first; `resolve`, `query` and `dial` are answered with the same id. */
export type PodMessage =
  | { type: 'hello'; token: string; pid: number }
  | { type: 'listen'; port: number; realPort: number; loopback: boolean }
  | { type: 'unlisten'; port: number }
  /** As getaddrinfo asks, with the search path. */
  | { type: 'resolve'; id: number; name: string }
  /** As a DNS client asks: the name as it stands. */
  | { type: 'query'; id: number; name: string; record: RecordType }
  | { type: 'dial'; id: number; address: string; port: number }
  /** The connection to the edge port stands: it comes from `localPort`, which is how the data plane knows it. */
  | { type: 'connected'; id: number; localPort: number }
  /** The caller closed its socket before the dial was answered. */
  | { type: 'abandon'; id: number };

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'SRV';

export interface SrvRecord {
  name: string;
  port: number;
  priority: number;
  weight: number;
}

/**
 * No addresses: there is no such name. `outside`: not of this cluster, so that the machine's own resolver is to be asked, for
 * `name` where it is another than the one that was asked for. An error: nobody has answered.
 */
export type ResolveReply = Found | { error: 'EAI_AGAIN' };

export type Found = { addresses: string[] } | Outside;

/** No records: the name has none of that type. */
export type QueryReply = { records: (string | SrvRecord)[] } | { error: 'ENOTFOUND' | 'ETIMEOUT' } | Outside;

export interface Outside {
  outside: true;
  name?: string;
}

export type DialReply =
  /** Connect here: the data plane carries it on. */
  | { edgePort: number }
  /** Connect here, without the data plane: it is the pod's own loopback. */
  | { ownPort: number }
  | { error: string }
  /** Not of this cluster: connect as if there were no pod network. */
  | { outside: true };
