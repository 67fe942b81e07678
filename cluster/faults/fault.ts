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
  /** Ends. Safe to call when nothing is left of it. */
  recover(cluster: Cluster, lease: Lease): Promise<void>;
  evidence(cluster: Cluster, lease: Lease): Promise<Evidence>;
  /** The leases that act in the cluster now, by the cluster's own word: what a restarted server finds. */
  active(cluster: Cluster): Promise<Lease[]>;
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

export interface Evidence {
  delayed: number;
  failed: number;
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
