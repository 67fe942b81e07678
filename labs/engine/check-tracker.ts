import type { CheckState, CheckView } from '../../server/contract/lab.ts';
import { Unmeasured, type Language } from './expression.ts';
import type { CheckDefinition } from './lab.ts';
import { fill } from './template.ts';
import type { Facts } from './vocabulary.ts';
import { detailOf } from './words.ts';

/** A check as it is kept over a restart. */
export interface CheckRecord {
  id: string;
  /** Unix time in ms; null while it is not met. A check that was only holding begins its time anew. */
  metFrom: number | null;
  detail: string;
  alreadyHeld: boolean | null;
}

/**
 * Follows one check while its step is shown. Met is met: what the system does afterwards no longer matters. A check that holds
 * already when the step opens waits for the learner to change something, and then has to hold for its whole time.
 */
export class CheckTracker {
  readonly definition: CheckDefinition;
  readonly #language: Language;
  #state: CheckState = 'pending';
  #detail = '';
  /** Null until first looked at. */
  #alreadyHeld: boolean | null = null;
  #holdsSince: number | null = null;
  /** When it held, Unix time in ms; null until met. */
  metFrom: number | null = null;

  constructor(definition: CheckDefinition, language: Language, record?: CheckRecord) {
    this.definition = definition;
    this.#language = language;
    if (!record) return;
    this.#state = record.metFrom === null ? 'pending' : 'met';
    this.#detail = record.detail;
    this.#alreadyHeld = record.alreadyHeld;
    this.metFrom = record.metFrom;
  }

  get met(): boolean {
    return this.#state === 'met';
  }

  get state(): CheckState {
    return this.#state;
  }

  /** @param changed the learner has changed something since the step was opened */
  tick(facts: Facts, now: number, changed: boolean): void {
    if (this.met) return;
    const { holds, detail } = this.#look(facts);
    this.#alreadyHeld = (this.#alreadyHeld ?? true) && holds && !changed;
    if (!holds) {
      this.#holdsSince = null;
      this.#state = 'pending';
      this.#detail = detail;
    } else if (this.#alreadyHeld) this.#detail = detail;
    else this.#hold(now, detail);
  }

  /** Shown while there is too little to look at since a restart. */
  wait(): void {
    if (!this.met) this.#detail = 'the lab restarted, waiting for 10 s of measurements';
  }

  view(): CheckView {
    const { id, title } = this.definition;
    return { id, title, state: this.#state, detail: this.#detail, alreadyHeld: this.#alreadyHeld ?? false };
  }

  toRecord(): CheckRecord {
    const { id } = this.definition;
    return { id, metFrom: this.metFrom, detail: this.#detail, alreadyHeld: this.#alreadyHeld };
  }

  #look(facts: Facts): { holds: boolean; detail: string } {
    const { holds, detail } = this.definition;
    const written = () => (detail ? fill(detail, this.#language, facts) : detailOf(holds, this.#language, facts));
    try {
      return { holds: holds.value(facts) === true, detail: written() };
    } catch (error) {
      if (!(error instanceof Unmeasured)) throw error;
      const what = error.fact.says(...error.args);
      if (error.when === 'baseline') return { holds: false, detail: `there is no baseline of ${what}: reset step 1` };
      return { holds: false, detail: error.fact.unit ? `${what}: nothing to measure` : `${what}: there is none` };
    }
  }

  #hold(now: number, detail: string): void {
    const { forSeconds } = this.definition;
    this.#holdsSince ??= now;
    const held = (now - this.#holdsSince) / 1000;
    this.#detail = detail;
    if (held >= forSeconds) {
      this.#state = 'met';
      this.metFrom = this.#holdsSince;
    } else {
      this.#state = 'holding';
      this.#detail = `${detail}, ${Math.floor(held)} of ${forSeconds} s`;
    }
  }
}
