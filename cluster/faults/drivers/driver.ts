import type { Duplex } from 'node:stream';
import type { PodNetwork } from '../../embedded/network/pod-network.ts';
import type { Pod } from '../../embedded/kinds/types.ts';
import type { Reading } from '../evidence.ts';

/** What carries faults out in one place. One file each in this folder; index.ts lists them. */
export interface DriverType {
  /** Why it cannot hit this pod, or pods of this template, in words; null when it can. */
  cannotHit(pod: PodTemplate): string | null;
  start(surroundings: Surroundings): Driver;
}

export type PodTemplate = Pick<Pod, 'spec'> & { metadata?: Pod['metadata'] | PodMetadata };
type PodMetadata = Omit<Pod['metadata'], 'name'>;

/** It at work in a cluster. */
export interface Driver {
  /**
   * Makes a fault act on exactly these pods for what is left of its lease. Is called again whenever pods come or go (only
   * pods that are gone are missing then), and must be quick when nothing is new. Answers who could not be reached, and why: these are tried again.
   */
  carryOut(order: Order): Promise<Unreached[]>;
  /** Ends it there, also while `carryOut` is under way. Answers who did not answer. */
  undo(id: string, pods: readonly Pod[]): Promise<string[]>;
  /** Asks those who carry faults out what acts there, by id, and who did not answer. */
  acting(pods: readonly Pod[]): Promise<{ ids: string[]; silent: string[] }>;
}

export interface Order {
  /** The uid of the Fault: never used twice. */
  id: string;
  /** What to do, as the type's carrier words it. */
  what: unknown;
  pods: readonly Pod[];
  /** For an edge: the Services called, as `namespace/name`. */
  destinations: readonly string[];
  /** In ms. Who has the fault already keeps the lease it began with. */
  remainingMs: number;
}

export interface Unreached {
  pod: string;
  why: string;
}

/** What a cluster gives its drivers to act with. */
export interface Surroundings {
  network: Pick<PodNetwork, 'setFaults' | 'actingFaults' | 'onFaultCounts'>;
  /** Past all faults. */
  dial(podUid: string, port: number): Promise<Duplex>;
  /** At once, without a grace period; false when it is gone already. */
  deletePod(pod: Pod): Promise<boolean>;
  /** A fault has done something. */
  report(id: string, reading: Reading): void;
  /** Someone who carries it out was lost: `carryOut` is due. */
  lost(id: string): void;
}

/** How long anybody who carries out faults may take to answer, in ms: stopping everything must not wait for the dead. */
export const patienceMs = 600;
