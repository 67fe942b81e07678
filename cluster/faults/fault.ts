import type { Cluster } from '../client/cluster.ts';

/** One kind of fault. One file each in this folder; index.ts lists them. */
export interface Fault {
  id: string;
  title: string;
  category: 'dependency' | 'network' | 'process';
  summary: string;
  targetKind: 'service' | 'edge' | 'pod';
  /** Numbers with unit, bounds and default: the page draws its form from it, the server validates by it. */
  parameters: FaultParameterDefinition[];
  /** Lease in seconds. A momentary fault has default and max 0. */
  duration: { default: number; max: number };
  /** What it can act on now. */
  targets(cluster: Cluster): Promise<string[]>;
  /** Begins; must be safe to call again while active, so that pods born later are reached too. */
  apply(cluster: Cluster, lease: Lease): Promise<void>;
  /** Ends, and answers with the last counts that can be read, which end with it; they may be half a second old. Safe to call when nothing is left of it. */
  recover(cluster: Cluster, lease: Lease): Promise<Evidence[]>;
  /** What can be read now; a counter that does not answer is left out, for it keeps what it said last. */
  evidence(cluster: Cluster, lease: Lease): Promise<Evidence[]>;
  /** What acts in the cluster now, by the cluster's own word: what a restarted server finds. */
  active(cluster: Cluster): Promise<Acting>;
}

export interface Acting {
  leases: Lease[];
  /** Names of those that could not be asked: whether something acts there is not known. */
  silent: string[];
}

export interface Lease {
  id: string;
  fault: string;
  /** Service name, `source>destination`, or pod name. */
  target: string;
  parameters: Record<string, number>;
  /** Unix time in ms. */
  startedAt: number;
  endsAt: number;
}

/** What one counter has counted. It lives in a process and dies with it: one that starts anew starts at 0. */
export interface Evidence {
  /** Name of the counter: the pod that counts, or the lease where one place counts for all. */
  counter: string;
  /** Calls held back, failed. */
  delayed: number;
  failed: number;
  /** Pods hit. */
  pods: string[];
}

export interface FaultParameterDefinition {
  name: string;
  label: string;
  unit: string;
  min: number;
  max: number;
  default: number;
}
