/** Something on its way through one direction of a connection: the opening of it (SYN, SYN-ACK), bytes, or its end. */
export interface Passage {
  kind: 'open' | 'data' | 'end';
  bytes: number;
  /** Which call of its connection it belongs to, from 1: what the caller sends until the callee answers, and the answer. */
  call: number;
  /** The first bytes of a call, or of its answer. */
  begins?: boolean;
  /** The last bytes that were sent together: whatever comes next comes later. */
  last?: boolean;
  /** An HTTP request begins with it; only known where a fault acts on HTTP. */
  request?: boolean;
}

/**
 * Decides when a passage that reaches this stage at `at` may go on (both by performance.now(), in ms). `Infinity` holds it
 * until the fault ends, 'reset' resets the connection. Asked once for each passage; order is kept by the line that asks.
 */
export type Stage = (passage: Passage, at: number) => number | 'reset';

/** A fault as it acts on all connections of its edge. What it leaves out it leaves alone. */
export interface FaultAtWork {
  /** What acts on one connection, by direction: from the caller there, and back. The two may share state. */
  stages?(): { there?: Stage; back?: Stage };
  /** No more bytes than that are judged at once. */
  grain?: number;
  /** Whether a connection that stands when the fault begins is reset then. */
  cutsStanding?(): boolean;
  /** It acts on requests of HTTP/1.1, so that these have to be found; connections that carry something else are left alone. */
  onHttp?: true;
  /** The status that a request is answered with in place of the callee, when it gets there; null lets it through. */
  answer?(): number | null;
  /** The callee has answered a request with this status: whether that counts as failed by the fault. */
  answered?(status: number): boolean;
  /** What looking the callee's name up comes to; null finds it. */
  lookup?(): FailedLookup | null;
}

export interface FailedLookup {
  /** There is no such name; or there was no answer. */
  error: 'ENOTFOUND' | 'EAI_AGAIN';
  /** When it comes to that, in ms. */
  afterMs: number;
}

/** A fault on the network between a caller and a callee, whoever carries it. One file each in this folder; index.ts lists them. */
export interface StreamFaultType<Attributes extends { [name in keyof Attributes]: number }> {
  type: string;
  /** Bounds of each attribute, in its unit; whoever hands attributes over has checked them by these. */
  attributes: { [name in keyof Attributes]: { unit: string; min: number; max: number } };
  /** It begins: once for each fault, whatever connections meet it. */
  begin(attributes: Attributes): FaultAtWork;
}

/** True for so many in a hundred, by lot. */
export function byLot(percent: number): boolean {
  return Math.random() * 100 < percent;
}
