import type { Share } from './share.ts';

/** One type of fault. One file each in this folder; index.ts lists them. */
export interface FaultType {
  id: string;
  title: string;
  category: 'dependency' | 'network' | 'http' | 'queue' | 'process' | 'load' | 'cluster' | 'logs';
  summary: string;
  /** What it may act on; the page offers the first. */
  targets: readonly TargetKind[];
  /** Of edges: the one Service that they lead to. */
  callee?: string;
  /** Numbers with unit, bounds and default: the page draws its form from them, API and lab server check by them. */
  parameters: readonly FaultParameter[];
  /** Lease in seconds. A momentary fault has default and max 0. */
  duration: { default: number; max: number };
  /** What it acts on as one thing, rather than on some of its pods: then its share says nothing. */
  whole?: 'node' | 'deployment';
  /** How many of the pods it could hit, unless told otherwise. */
  share: Share;
  /** What it counts, beside the pods it has hit. */
  counts: readonly (keyof FaultCounts)[];
  /** What those are that it delays or fails, in the singular; calls unless it says otherwise. */
  counted?: string;
  /** What can carry it out; the first that a cluster has does. */
  carriers: readonly Carrier[];
}

export type TargetKind = 'service' | 'edge' | 'pod' | 'node';

/** Calls held back, calls failed, connections or packets dropped, pods or containers ended, what it has sent or logged of its own. */
export interface FaultCounts {
  delayed: number;
  failed: number;
  dropped: number;
  killed: number;
  sent: number;
}

export const noCounts: FaultCounts = { delayed: 0, failed: 0, dropped: 0, killed: 0, sent: 0 };

export interface FaultParameter {
  name: string;
  label: string;
  unit: string;
  min: number;
  max: number;
  default: number;
}

/** A driver by its name in drivers/index.ts, and what it is to do, in the form which that driver takes. */
export interface Carrier {
  driver: string;
  order: (parameters: Record<string, number>) => unknown;
  /** What acts on the same pods for as long, as what counts its effect on the wire. */
  along?: Carrier;
}
