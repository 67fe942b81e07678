import type { ActiveFault } from '../server/contract/faults.ts';
import type { LabEvent, LabSummary, SystemState } from '../server/contract/lab.ts';
import type { Ledger } from '../server/contract/ledger.ts';
import type { SignalId } from '../server/contract/signals.ts';
import type { BreakerState, BreakerView } from '../server/contract/topology.ts';

/** A lab: what the system is like before and after each step, and how to see that a learner got there. */
export interface LabDefinition extends Omit<LabSummary, 'available'> {
  steps: StepDefinition[];
  /** The check whose time of holding is kept as the baseline, and the signals measured in it. */
  baseline: { check: string; signals: SignalId[] };
  recap: RecapDefinition;
}

export interface StepDefinition {
  /** As in guide.mdx. */
  id: string;
  title: string;
  /** What "reset step" restores. Every check of the step fails or is pending in it. */
  start: SystemState;
  /** What "show me" brings about. Every check of the step is met in it. */
  solution: SystemState;
  /** What a learner does in the page beside that; "show me" does it too. */
  acts: LabAct[];
  prediction: PredictionDefinition | null;
  checks: CheckDefinition[];
  /** Opened one by one, the last says exactly what to do. */
  hints: string[];
}

export type LabAct = { type: 'open-trace'; name: string } | Exclude<LabEvent, { type: 'trace-opened' }>;

export interface PredictionDefinition {
  question: string;
  options: { id: string; label: string; /** Why it is right, or plausible though wrong. */ why: string }[];
  /** Id of the right option. */
  correct: string;
  /** What happened, in the figures of this run. Called when the step's checks are met. */
  measured(view: LabView): string;
}

export interface CheckDefinition {
  id: string;
  title: string;
  /** For how long `look` must hold; 0 when once is enough. */
  holdSeconds: number;
  /** Pure: looks at the system, not at clicks. */
  look(view: LabView): Look;
}

export interface Look {
  holds: boolean;
  /** The live value: "81 ms now". */
  detail: string;
}

export interface RecapDefinition {
  /** Latencies of the table and the chart. */
  latency: SignalId;
  /** Whose failures are lost orders, and whose successes are goodput. */
  orders: SignalId;
  /** A row measures the last 30 s in which `when` held without a break. */
  rows: { name: string; when(view: LabView): boolean }[];
  /** Marked when `when` is first true. */
  moments: { label: string; when(view: LabView): boolean }[];
}

/** Requests of one service, edge or operation over a time. */
export interface Measured {
  count: number;
  errors: number;
  /** Per second. */
  rate: number;
  /** 0 to 1; 0 without requests. */
  errorRatio: number;
  /** Milliseconds; null without requests. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Mean; null where not reported. */
  inFlight: number | null;
  seconds: number;
}

/** A breaker went into a state. */
export interface ObservedBreakerChange {
  id: string;
  edge: SignalId;
  to: BreakerState;
  /** Unix time in ms. */
  at: number;
  /** No fault was active then nor in the 15 s before, so none can have caused it. */
  calm: boolean;
}

/** The running system as checks may see it: read-only, and only what was measured. */
export interface LabView {
  /** Unix time in ms. */
  now: number;
  stepOpenedAt: number;
  /** Id of the step shown. */
  step: string;
  /** When the lab server came back in the midst of the run, Unix time in ms; what happened just before, nobody saw. */
  resumedAt: number | null;
  /** The last whole seconds that have surely been reported. */
  last(seconds: number, id: SignalId): Measured;
  breaker(edge: SignalId): BreakerView | null;
  /** Since the lab was started, oldest first. */
  breakerChanges: readonly ObservedBreakerChange[];
  /** The option selected, per pattern. */
  patterns: Readonly<Record<string, string>>;
  /** Active ones only. */
  faults: readonly ActiveFault[];
  /** Requests per second asked for. */
  load: number;
  ledger: Ledger | null;
  /** Names of the traces that the learner opened, and the other things done in the page, since the step was opened. */
  openedTraces: readonly string[];
  did(event: Exclude<LabEvent, { type: 'trace-opened' }>): boolean;
  /** Kept by the lab's baseline check; null before it is met. */
  baseline: Readonly<Record<SignalId, Measured>> | null;
}
