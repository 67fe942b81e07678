import type { FaultRule } from '../pod-network.ts';

/** Something on its way through one direction of a connection: the opening of it (SYN, SYN-ACK), bytes, or its end. */
export interface Passage {
  kind: 'open' | 'data' | 'end';
  bytes: number;
}

/**
 * Decides when a passage that reaches this stage at `at` may go on (both by performance.now(), in ms). `Infinity` holds it
 * until the fault ends, 'reset' resets the connection. Order is kept by the line that calls it; a stage belongs to one
 * direction of one connection and may keep state.
 */
export type Stage = (passage: Passage, at: number) => number | 'reset';

/** One kind of network fault. One file each in this folder; index.ts lists them. */
export interface NetworkFaultKind {
  name: string;
  /** The stage that the rule asks for, or null when it asks for none of this kind. */
  stage(rule: FaultRule): Stage | null;
}
