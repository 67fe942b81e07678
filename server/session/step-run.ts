import { CheckTracker } from '../../labs/engine/check-tracker.ts';
import type { LabDefinition, StepDefinition } from '../../labs/engine/lab.ts';
import { fill } from '../../labs/engine/template.ts';
import type { Facts } from '../../labs/engine/vocabulary.ts';
import type { Ledger } from '../contract/ledger.ts';
import { CodedError } from '../errors.ts';
import type { FirstOver } from './first-over.ts';
import type { StepRecord } from './run-record.ts';

/**
 * What is measured is of whole seconds, and of pods that report at different moments of them: two services that get over a limit
 * within a second may do so in either order. After this long, ms, both have.
 */
const SETTLE_MS = 2500;

/** A learner's way through one step. */
export class StepRun {
  readonly definition: StepDefinition;
  readonly #lab: LabDefinition;
  /** Unix time in ms; null before it was first shown. */
  openedAt: number | null = null;
  /** The count when it was opened. */
  ledger: Ledger | null = null;
  checks: CheckTracker[];
  done = false;
  chosen: string | null = null;
  /** The prediction takes no answer any more: its outcome is in sight, or was once. */
  closed = false;
  /** The right prediction; null while nobody knows. */
  truth: string | null = null;
  measured = '';
  /** Per question the answer given last. */
  answers: Record<string, string> = {};
  hints = 0;
  /** The system as it was when the step opened. */
  #opening: string | null = null;
  #changed = false;
  /** Since when a service has been over the limit, Unix time in ms. */
  #foundAt: number | null = null;

  constructor(definition: StepDefinition, lab: LabDefinition, record?: StepRecord) {
    this.definition = definition;
    this.#lab = lab;
    this.checks = definition.checks.map((check) => {
      return new CheckTracker(
        check,
        lab.language,
        record?.checks.find(({ id }) => id === check.id),
      );
    });
    if (!record) return;
    const { openedAt, ledger, done, chosen, closed, truth, measured, answers, hints, opening, changed } = record;
    Object.assign(this, { openedAt, ledger, done, chosen, closed, truth, measured, answers, hints });
    this.#opening = opening;
    this.#changed = changed;
  }

  /** Shows it from its beginning; its prediction and hints stay as they are. */
  open(now: number, ledger: Ledger | null): void {
    this.openedAt = now;
    this.ledger = ledger;
    this.done = false;
    this.answers = {};
    this.#opening = null;
    this.#changed = false;
    this.checks = this.definition.checks.map((check) => new CheckTracker(check, this.#lab.language));
  }

  get changed(): boolean {
    return this.#changed;
  }

  /** @param state of what a learner may change @param measured false while too little was measured since a restart */
  tick(facts: Facts, now: number, state: string, firstOver: FirstOver, measured = true): void {
    if (this.done) return;
    this.#opening ??= state;
    this.#changed ||= state !== this.#opening;
    for (const check of this.checks) {
      if (measured) check.tick(facts, now, this.#changed);
      else check.wait();
    }
    const { prediction } = this.definition;
    if (prediction) {
      // What follows from a change can be seen as soon as it is made.
      this.closed ||= this.#changed || this.checks.some((check) => check.state !== 'pending');
      this.truth ??=
        typeof prediction.truth === 'string'
          ? prediction.truth
          : this.#settled(this.#changed ? firstOver.find(prediction.truth, facts) : null, now);
    }
    if (!this.checks.every((check) => check.met) || this.#isSettling) return;
    this.done = true;
    this.closed = true;
    this.measured = prediction ? fill(prediction.measured, this.#lab.language, facts) : '';
  }

  /** The outcome of the prediction is about to be known. */
  get #isSettling(): boolean {
    return this.truth === null && this.#foundAt !== null;
  }

  /** What was found, as soon as it has been found for long enough. What hurt before anything was changed is another story. */
  #settled(found: string | null, now: number): string | null {
    if (found === null) this.#foundAt = null;
    else this.#foundAt ??= now;
    return this.#foundAt !== null && now - this.#foundAt >= SETTLE_MS ? found : null;
  }

  /** Throws CodedError `lab-refused`, `invalid-request`. @param services that may be answered, where any may */
  predict(option: string, services: readonly string[]): void {
    const { prediction, title } = this.definition;
    if (!prediction) throw new CodedError('lab-refused', `“${title}” asks for no prediction.`);
    refuseUnknown(option, prediction.answers?.map(({ id }) => id) ?? services);
    if (this.chosen === option) return;
    if (this.chosen !== null)
      throw new CodedError('lab-refused', 'The prediction is locked: it was made before the outcome.');
    if (this.closed) throw new CodedError('lab-refused', 'The outcome is in sight; a prediction comes before it.');
    this.chosen = option;
  }

  /** Throws CodedError `lab-refused`, `invalid-request`. */
  answer(id: string, answer: string, services: readonly string[]): void {
    const question = this.definition.questions.find((each) => each.id === id);
    if (!question) throw new CodedError('invalid-request', `“${this.definition.title}” asks no question “${id}”.`);
    refuseUnknown(answer, question.answers?.map(({ id }) => id) ?? services);
    this.answers = { ...this.answers, [id]: answer };
  }

  isAnswered(id: string): boolean {
    const question = this.definition.questions.find((each) => each.id === id);
    return question?.truth.includes(this.answers[id] ?? '') ?? false;
  }

  /** Throws CodedError `lab-refused` when all are open. */
  openHint(): void {
    if (this.hintsLeft === 0) throw new CodedError('lab-refused', `“${this.definition.title}” has no further hints.`);
    this.hints++;
  }

  get hintsLeft(): number {
    return this.definition.hints.length - this.hints;
  }

  toRecord(): StepRecord {
    const { definition, openedAt, ledger, done, chosen, closed, truth, measured, answers, hints } = this;
    return {
      ...{ id: definition.id, openedAt, ledger, done, chosen, closed, truth, measured, answers, hints },
      ...{ opening: this.#opening, changed: this.#changed, checks: this.checks.map((check) => check.toRecord()) },
    };
  }
}

function refuseUnknown(answer: string, known: readonly string[]): void {
  if (known.includes(answer)) return;
  throw new CodedError('invalid-request', `There is no answer “${answer}”; there are ${known.join(', ')}.`);
}
