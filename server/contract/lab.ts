import type { FaultRequest } from './faults.ts';

export interface LabSummary {
  /** Folder name: `04-circuit-breaker`. */
  id: string;
  number: number;
  title: string;
  goal: string;
  minutes: number;
  level: 'start' | 'middle' | 'deep';
  available: boolean;
}

/** A whole state of the system, as a lab wants it. */
export interface SystemState {
  /** Option per pattern id. Patterns not named go to their first option. */
  patterns: Record<string, string>;
  faults: FaultRequest[];
  /** Requests per second; 0 stops the load. */
  load: number;
}

export interface Prediction {
  question: string;
  options: { id: string; label: string }[];
}

export type CheckState = 'pending' | 'holding' | 'met';

export interface CheckView {
  id: string;
  title: string;
  state: CheckState;
  /** The live value: "81 ms now", "4 of 10 s". */
  detail: string;
  /** Holds already although the step has just opened, so it asks for something else. */
  alreadyHeld: boolean;
}

export interface PredictionView extends Prediction {
  /** Locked once chosen. */
  chosen: string | null;
  /** After the step's checks are met: what happened, and why the chosen answer is plausible or right; without one, the right one. */
  outcome: { right: boolean; correct: string; why: string; measured: string } | null;
}

export interface StepView {
  id: string;
  title: string;
  state: 'locked' | 'current' | 'done';
}

export interface RecapRow {
  /** `baseline`, `no breaker`, `timeout only`, `breaker`. */
  name: string;
  p50: number | null;
  p95: number | null;
  /** Share of orders that failed, 0 to 1. */
  errorRatio: number | null;
  /** Accepted orders per second. */
  goodput: number | null;
  ordersLost: number;
  /** Seconds measured. */
  seconds: number;
}

export interface Recap {
  rows: RecapRow[];
  /** Customers' p95 and the share of orders that failed, over the whole run; Unix seconds, ms, 0 to 1. */
  chart: { t: number; p95: number | null; errorRatio: number }[];
  moments: { at: number; label: string }[];
}

/** A learner's way through one lab. Lives on the server; the page shows it. */
export interface LabRun {
  lab: string;
  startedAt: number;
  /** Index of the step shown. */
  step: number;
  steps: StepView[];
  prediction: PredictionView | null;
  checks: CheckView[];
  /** Hints opened so far, in order, and how many there are. */
  hints: string[];
  hintsLeft: number;
  /** Something is being brought about: "Resetting the step". */
  busy: string | null;
  recap: Recap | null;
}

/** Something a learner did in the page that a check may ask for. */
export type LabEvent =
  { type: 'trace-opened'; traceId: string } | { type: 'diff-opened'; pattern: string } | { type: 'recap-read' };
