import type { LabView, StepDefinition } from '../../labs/lab.ts';
import type { PredictionView } from '../contract/lab.ts';
import { CodedError } from '../errors.ts';
import { CheckTracker } from './check-tracker.ts';
import type { StepRecord } from './run-record.ts';

/** A learner's way through one step. */
export class StepRun {
  readonly definition: StepDefinition;
  /** Unix time in ms; null before it was first shown. */
  openedAt: number | null = null;
  checks: CheckTracker[];
  done = false;
  #chosen: string | null = null;
  #measured = '';
  #hints = 0;
  /** The system as it was when the step opened. */
  #opening: string | null = null;
  #changed = false;

  constructor(definition: StepDefinition, record?: StepRecord) {
    this.definition = definition;
    this.checks = definition.checks.map(
      (check) =>
        new CheckTracker(
          check,
          record?.checks.find(({ id }) => id === check.id),
        ),
    );
    if (!record) return;
    this.openedAt = record.openedAt;
    this.done = record.done;
    this.#chosen = record.chosen;
    this.#measured = record.measured;
    this.#hints = record.hints;
    this.#opening = record.opening;
    this.#changed = record.changed;
  }

  /** Shows it from its beginning; predictions and hints stay as they are. */
  open(now: number): void {
    this.openedAt = now;
    this.done = false;
    this.#opening = null;
    this.#changed = false;
    this.checks = this.definition.checks.map((check) => new CheckTracker(check));
  }

  /** @param measured false while too little was measured since a restart for checks to be looked at */
  tick(view: LabView, measured = true): void {
    if (this.done) return;
    const state = JSON.stringify([view.patterns, view.faults.map((fault) => fault.id).sort(), view.load]);
    this.#opening ??= state;
    this.#changed ||= state !== this.#opening;
    for (const check of this.checks) {
      if (measured) check.tick(view, this.#changed);
      else check.wait();
    }
    if (!this.checks.every((check) => check.met)) return;
    this.done = true;
    this.#measured = this.definition.prediction?.measured(view) ?? '';
  }

  /** Throws CodedError `lab-refused`, `invalid-request`. */
  predict(option: string): void {
    const { prediction, title } = this.definition;
    if (!prediction) throw new CodedError('lab-refused', `“${title}” asks for no prediction.`);
    if (!prediction.options.some(({ id }) => id === option)) {
      const known = prediction.options.map(({ id }) => id).join(', ');
      throw new CodedError('invalid-request', `There is no answer “${option}”; there are ${known}.`);
    }
    if (this.#chosen === option) return;
    if (this.#chosen) throw new CodedError('lab-refused', 'The prediction is locked: it was made before the outcome.');
    if (this.done) throw new CodedError('lab-refused', 'The outcome is known already; a prediction comes before it.');
    this.#chosen = option;
  }

  /** Throws CodedError `lab-refused` when all are open. */
  openHint(): void {
    if (this.hintsLeft === 0) throw new CodedError('lab-refused', `“${this.definition.title}” has no further hints.`);
    this.#hints++;
  }

  get hints(): string[] {
    return this.definition.hints.slice(0, this.#hints);
  }

  get hintsLeft(): number {
    return this.definition.hints.length - this.#hints;
  }

  prediction(): PredictionView | null {
    const { prediction } = this.definition;
    if (!prediction) return null;
    const { question, options, correct } = prediction;
    const why = options.find(({ id }) => id === (this.#chosen ?? correct))?.why ?? '';
    return {
      question,
      options: options.map(({ id, label }) => ({ id, label })),
      chosen: this.#chosen,
      outcome: this.done ? { right: this.#chosen === correct, correct, why, measured: this.#measured } : null,
    };
  }

  toRecord(): StepRecord {
    return {
      id: this.definition.id,
      openedAt: this.openedAt,
      done: this.done,
      chosen: this.#chosen,
      measured: this.#measured,
      hints: this.#hints,
      opening: this.#opening,
      changed: this.#changed,
      checks: this.checks.map((check) => check.toRecord()),
    };
  }
}
