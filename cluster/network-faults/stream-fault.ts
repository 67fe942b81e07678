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

/** What a fault does to a stream of bytes, whoever carries it. One file each in this folder; index.ts lists them. */
export interface StreamFaultType<Attributes extends { [name in keyof Attributes]: number }> {
  type: string;
  /** Bounds of each attribute, in its unit; whoever hands attributes over has checked them by these. */
  attributes: { [name in keyof Attributes]: { unit: string; min: number; max: number } };
  /** What acts on one direction of one connection; null when these attributes ask for nothing. */
  stage(attributes: Attributes): Stage | null;
}
