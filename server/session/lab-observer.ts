import type { LabView, Measured, ObservedBreakerChange } from '../../labs/lab.ts';
import type { LabEvent } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import { activeFaults, selections } from './lab-system.ts';
import type { LabSystem } from './lab-system.ts';
import type { ObservedRecord } from './run-record.ts';

/** A breaker judges by the last 10 s, so a fault can trip it that much after its end. */
const CALM_AFTER_MS = 15_000;
const MAX_CHANGES = 1000;
const MAX_EVENTS = 50;

/** Gathers what checks may look at, from the start of a run. */
export class LabObserver {
  readonly #system: LabSystem;
  readonly #now: () => number;
  readonly #changes: ObservedBreakerChange[];
  readonly #stop: () => void;
  readonly #resumedAt: number | null;
  /** Unix time in ms; 0 before the first. */
  #lastFaultAt: number;
  #openedTraces: string[];
  #events: Exclude<LabEvent, { type: 'trace-opened' }>[];
  baseline: Record<string, Measured> | null;

  constructor(system: LabSystem, now: () => number, record?: ObservedRecord) {
    this.#system = system;
    this.#now = now;
    this.#resumedAt = record ? now() : null;
    this.#changes = record?.changes ?? [];
    this.#lastFaultAt = record?.lastFaultAt ?? 0;
    this.#openedTraces = record?.openedTraces ?? [];
    this.#events = record?.events ?? [];
    this.baseline = record?.baseline ?? null;
    this.#stop = system.telemetry.onBreakerChange(({ id, edge, to, at }) => {
      if (this.#changes.some((known) => known.id === id)) return; // told of before a restart, and sent again
      if (this.#changes.length >= MAX_CHANGES) this.#changes.shift();
      this.#noteFaults();
      this.#changes.push({ id, edge, to, at, calm: now() - this.#lastFaultAt > CALM_AFTER_MS });
    });
  }

  close(): void {
    this.#stop();
  }

  toRecord(): ObservedRecord {
    return {
      lastFaultAt: this.#lastFaultAt,
      changes: this.#changes,
      openedTraces: this.#openedTraces,
      events: this.#events,
      baseline: this.baseline,
    };
  }

  /** What was done in the page counts for the step it was done in. */
  forgetEvents(): void {
    this.#openedTraces = [];
    this.#events = [];
  }

  /** Throws CodedError `unknown-trace`. */
  record(event: LabEvent): void {
    if (event.type !== 'trace-opened') {
      this.#events = [...this.#events, event].slice(-MAX_EVENTS);
      return;
    }
    const trace = this.#system.telemetry.trace(event.traceId);
    if (!trace) throw new CodedError('unknown-trace', `There is no trace “${event.traceId}”.`);
    this.#openedTraces = [...this.#openedTraces, trace.name].slice(-MAX_EVENTS);
  }

  view(step: string, stepOpenedAt: number): LabView {
    this.#noteFaults();
    const system = this.#system;
    return {
      now: this.#now(),
      step,
      stepOpenedAt,
      resumedAt: this.#resumedAt,
      last: (seconds, id) => this.#last(seconds, id),
      breaker: (edge) => system.telemetry.breaker(edge),
      breakerChanges: this.#changes,
      patterns: selections(system),
      faults: activeFaults(system),
      load: system.load.view().rate,
      ledger: system.ledger.current(),
      openedTraces: this.#openedTraces,
      did: (event) =>
        this.#events.some(
          (done) =>
            done.type === event.type &&
            (done.type !== 'diff-opened' || event.type !== 'diff-opened' || done.pattern === event.pattern),
        ),
      baseline: this.baseline,
    };
  }

  /** The whole seconds in [from, to), Unix time in ms. */
  between(from: number, to: number, id: string): Measured {
    const { count, errors, p50, p95, p99, inFlight, seconds } = this.#system.telemetry.percentiles(id, from, to);
    const rate = seconds > 0 ? count / seconds : 0;
    return { count, errors, rate, errorRatio: count > 0 ? errors / count : 0, p50, p95, p99, inFlight, seconds };
  }

  /** End of the newest second that has surely been reported, Unix time in ms. */
  reportedUntil(): number {
    return this.#system.telemetry.reportedUntil();
  }

  #last(seconds: number, id: string): Measured {
    const to = this.reportedUntil();
    return this.between(to - seconds * 1000, to, id);
  }

  #noteFaults(): void {
    if (activeFaults(this.#system).length > 0) this.#lastFaultAt = this.#now();
  }
}
