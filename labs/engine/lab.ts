import type { Asked, Expression, Language } from './expression.ts';
import type { Unit } from './figures.ts';
import type { Template } from './template.ts';

/** A lab as it is run: lab.yaml, read, checked and compiled. */
export interface LabDefinition {
  /** Folder name: `04-circuit-breaker`. */
  id: string;
  number: number;
  title: string;
  goal: string;
  minutes: number;
  level: 'start' | 'middle' | 'deep';
  language: Language;
  baseline: {
    /** The shop is well. What `facts` were in the time for which it held is kept. */
    when: Expression;
    forSeconds: number;
    /** All that stands in a `baseline(...)`. */
    facts: Asked[];
  };
  steps: StepDefinition[];
  recap: RecapDefinition;
}

/** A whole state of the shop. Patterns not named go to their default. */
export interface LabState {
  patterns: Record<string, string>;
  faults: WantedFault[];
  /** Requests per second; 0 stops the load. */
  load: number;
}

export interface WantedFault {
  /** `bank-slow`. */
  fault: string;
  target: string;
  /** Percent of the calls, where the fault is of some of them, and else of the pods; null for the fault's own default. */
  share: number | null;
  /** Lease in seconds. */
  seconds: number;
  /** Durations in ms. */
  parameters: Record<string, number>;
}

export interface StepDefinition {
  id: string;
  /** Of lab.yaml, where its change is. */
  line: number;
  title: string;
  /** What "reset step" restores: the solution of the step before. */
  start: LabState;
  /** What "show me" brings about. */
  solution: LabState;
  /** What a learner does in the page beside that; "show me" does it too. */
  acts: Act[];
  prediction: PredictionDefinition | null;
  questions: QuestionDefinition[];
  checks: CheckDefinition[];
  /** Opened one by one, the last says exactly what to do. */
  hints: string[];
}

export type Act =
  | { type: 'open-trace'; name: string; overMs: number }
  | { type: 'read'; what: string }
  | { type: 'answer'; question: string };

/** Answers to choose from; null where every service is one, to be clicked in the graph. */
export type Answers = { id: string; label: string }[] | null;

export interface PredictionDefinition {
  question: string;
  answers: Answers;
  /** The right answer; or it is the first service of which a fact goes over a limit once the step is open. */
  truth: string | { first: string; over: number };
  /** Per answer why it is right, or plausible though wrong; of one without, that of `other`. */
  why: Record<string, string>;
  /** What happened, in the figures of this run; told when the step's checks are met. */
  measured: Template;
}

/** To be answered from what the page shows; a wrong answer is explained, and another may be tried. */
export interface QuestionDefinition {
  id: string;
  question: string;
  answers: Answers;
  /** Each of them is right. */
  truth: string[];
  why: Record<string, string>;
}

export interface CheckDefinition {
  id: string;
  title: string;
  holds: Expression;
  /** For how long; 0 when once is enough. */
  forSeconds: number;
  /** The live values; null for those in the expression. */
  detail: Template | null;
}

export interface RecapDefinition {
  /** Latencies of the table and the chart. */
  latency: string;
  /** Whose failures are lost orders, and whose successes are goodput. */
  orders: string;
  /** A row measures the last 30 s in which `when` held without a break. */
  rows: { name: string; when: Expression }[];
  /** Further columns of the table: of each row the largest that this became while its `when` held. */
  figures: { title: string; most: Expression; unit: Unit }[];
  /** Marked when `when` first holds. */
  moments: { label: string; when: Expression }[];
}
