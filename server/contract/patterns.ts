export interface PatternOption {
  id: string;
  label: string;
  /** One sentence: what changes. */
  summary: string;
}

export interface Pattern {
  /** `timeout`, `retries`, `circuit-breaker`, `breaker-threshold`, `idempotency-key`. */
  id: string;
  title: string;
  /** Where it acts: an edge (`payments → bank`) or a heading (`Checkout`). The page groups by it. */
  place: string;
  summary: string;
  /** What it costs, in one or two sentences. */
  cost: string;
  /** When not to use it. */
  whenNot: string;
  options: PatternOption[];
  /** Id of the option in the desired state. */
  selected: string;
  /** True until every pod runs with the selected option. */
  rolling: boolean;
  /** Milliseconds the last switch took until live traffic ran on it; null before the first. */
  lastSwitchMs: number | null;
}

export interface PatternChange {
  pattern: string;
  from: string;
  to: string;
  /** Unified diff of the rendered manifests; empty when nothing changed. */
  diff: string;
  /** Commit in the desired-state repository. */
  commit: string;
  /** Unix time in ms. */
  at: number;
  /** Only in the answer to a switch: why the cluster does not have it yet. It is kept, and applied as soon as it can be. */
  pending?: string | undefined;
}
