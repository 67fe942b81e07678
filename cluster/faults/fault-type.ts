import type { Share } from './share.ts';

/** One type of fault. One file each in this folder; index.ts lists them. */
export interface FaultType {
  id: string;
  title: string;
  category: 'dependency' | 'network' | 'process';
  summary: string;
  /** What it may act on; the page offers the first. */
  targets: readonly TargetKind[];
  /** Numbers with unit, bounds and default: the page draws its form from them, API and lab server check by them. */
  parameters: readonly FaultParameter[];
  /** Lease in seconds. A momentary fault has default and max 0. */
  duration: { default: number; max: number };
  /** How many of the pods it could hit, unless told otherwise. */
  share: Share;
  /** What it counts, beside the pods it has hit. */
  counts: readonly (keyof FaultCounts)[];
  /** What can carry it out; the first that a cluster has does. */
  carriers: readonly Carrier[];
}

export type TargetKind = 'service' | 'edge' | 'pod' | 'node';

/** Calls held back, calls failed, connections or packets dropped. */
export interface FaultCounts {
  delayed: number;
  failed: number;
  dropped: number;
}

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
}
