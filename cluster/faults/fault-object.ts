import type { FaultCounts, TargetKind } from './fault-type.ts';
import type { Share } from './share.ts';

export const faultVersion = 'faults.breakwater.dev/v1alpha1';

/** What a Fault wants; it cannot be changed, only deleted. */
export interface FaultSpec {
  type: string;
  /** One of: name of a service, an edge as `source>destination`, name of a pod, name of a node. */
  target: { [kind in TargetKind]?: string };
  share: Share;
  parameters: Record<string, number>;
  /** Its lease: `60s`. `0s` for one that is momentary. */
  duration: string;
}

/**
 * Pending: nothing is hit yet, the reason says why. Ending: not everybody has heard of its end yet. Then it is over: Ended;
 * Failed, for it could not act; or Refused, for faults were blocked.
 */
export type FaultPhase = 'Pending' | 'Active' | 'Ending' | 'Ended' | 'Failed' | 'Refused';

export interface FaultStatus {
  phase: FaultPhase;
  /** RFC 3339, for people: nobody's lease goes by them while its carrier lives. */
  startedAt?: string;
  endsAt?: string;
  endedAt?: string;
  /** Names of all pods it has hit so far. */
  pods?: string[];
  counts?: FaultCounts;
  /** What it has changed in objects of the cluster. */
  edits?: FaultEdit[];
  /** Why it does not act, or not everywhere; how it ended. */
  reason?: string;
  /** Whether anything of it is left. Expired: who could not be told has ended it by its own lease. */
  undo?: { state: 'NotNeeded' | 'Pending' | 'Done' | 'Expired'; silent?: string[] };
}

/** One field of an object that a fault has changed, as somebody does by hand. Noted before it is done. */
export interface FaultEdit {
  kind: 'Deployment' | 'Node';
  namespace?: string;
  name: string;
  /** As drivers/edited-field.ts reads it: `spec.replicas`, or `env service MAX_CONCURRENT`. */
  field: string;
  /** Absent where there was nothing. */
  before?: string;
  after: string;
  /** Of the desired state, by which it came; abbreviated. */
  commit?: string;
  /** Somebody else has put it back, or changed it again. */
  undone?: boolean;
}

/** While there is one in a namespace, no fault acts in the scope of that; its status is the proof. */
export interface FaultBlockSpec {
  /** Any word; another one asks for the proof again. */
  request?: string;
}

export interface FaultBlockStatus {
  /** The generation that the rest is about. */
  observedGeneration?: number;
  /** Faults that still act, by the word of those who carry them out. */
  remaining?: string[];
  /** Who did not answer: whether something acts there is not known. */
  silent?: string[];
}

export function isOver(phase: FaultPhase | undefined): boolean {
  return phase === 'Ended' || phase === 'Failed' || phase === 'Refused';
}

/** `payments>bank`: what it acts on, whatever that is. */
export function targetText(target: FaultSpec['target']): string {
  return target.edge ?? target.service ?? target.pod ?? target.node ?? '';
}
