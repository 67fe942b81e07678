import type { BreakerState } from '../contract/topology.ts';
import { CodedError } from '../errors.ts';
import type { LabEvent } from '../contract/lab.ts';
import type { Ledger } from '../contract/ledger.ts';
import { activeFaults, type LabSystem } from './lab-system.ts';
import type { WitnessRecord } from './run-record.ts';

/** A breaker judges by the last 10 s, so a fault can trip it that much after its end. */
const CALM_AFTER_MS = 15_000;
const MAX_CHANGES = 1000;
const MAX_EVENTS = 50;
const COUNTS_MS = 5500;

/** A breaker went into a state. */
export interface ObservedBreakerChange {
  id: string;
  edge: string;
  to: BreakerState;
  /** Unix time in ms. */
  at: number;
  /** No fault was active then nor in the 15 s before, so none can have caused it. */
  calm: boolean;
}

/** Remembers what a run has seen happen and what its learner did: what telemetry alone cannot tell afterwards. */
export class Witness {
  readonly #system: LabSystem;
  readonly #now: () => number;
  readonly #stop: () => void;
  readonly breakerChanges: ObservedBreakerChange[];
  /** Unix time in ms; 0 before the first. */
  #lastFaultAt: number;
  /** Opened in the step that is shown. Durations in ms. */
  openedTraces: { name: string; duration: number }[];
  /** `recap`, or the pattern whose diff was read in the step. */
  read: string[];
  /** How many messages were in a queue when the step first asked for it. */
  readonly queues: Map<string, number>;
  /** The ledger's counts of the last seconds, oldest first. */
  counts: Ledger[] = [];

  constructor(system: LabSystem, now: () => number, record?: WitnessRecord) {
    this.#system = system;
    this.#now = now;
    this.breakerChanges = record?.breakerChanges ?? [];
    this.#lastFaultAt = record?.lastFaultAt ?? 0;
    this.openedTraces = record?.openedTraces ?? [];
    this.read = record?.read ?? [];
    this.queues = new Map(Object.entries(record?.queues ?? {}));
    this.#stop = system.telemetry.onBreakerChange(({ id, edge, to, at }) => {
      if (this.breakerChanges.some((known) => known.id === id)) return; // told of before a restart, and sent again
      if (this.breakerChanges.length >= MAX_CHANGES) this.breakerChanges.shift();
      this.look();
      this.breakerChanges.push({ id, edge, to, at, calm: now() - this.#lastFaultAt > CALM_AFTER_MS });
    });
  }

  close(): void {
    this.#stop();
  }

  /** To be called often: a fault that nobody saw cannot be remembered. */
  look(): void {
    const count = this.#system.ledger.total();
    if (count && count.countedAt !== this.counts.at(-1)?.countedAt)
      this.counts = [...this.counts, count].filter(({ countedAt }) => count.countedAt - countedAt <= COUNTS_MS);
    if (activeFaults(this.#system).length > 0) this.#lastFaultAt = this.#now();
  }

  /** Throws CodedError `unknown-trace`. */
  record(event: LabEvent): void {
    if (event.type === 'trace-opened') {
      const trace = this.#system.telemetry.trace(event.traceId);
      if (!trace) throw new CodedError('unknown-trace', `There is no trace “${event.traceId}”.`);
      this.openedTraces = [...this.openedTraces, { name: trace.name, duration: trace.duration }].slice(-MAX_EVENTS);
    } else {
      const what = event.type === 'recap-read' ? 'recap' : event.pattern;
      this.read = [...this.read.filter((each) => each !== what), what].slice(-MAX_EVENTS);
    }
  }

  /** What was done in the page counts for the step it was done in. */
  forget(): void {
    this.openedTraces = [];
    this.read = [];
    this.queues.clear();
  }

  toRecord(): WitnessRecord {
    const { breakerChanges, openedTraces, read } = this;
    const queues = Object.fromEntries(this.queues);
    return { lastFaultAt: this.#lastFaultAt, breakerChanges, openedTraces, read, queues };
  }
}
