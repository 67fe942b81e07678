import type { CheckDefinition, LabView } from '../../labs/lab.ts';
import type { CheckState, CheckView } from '../contract/lab.ts';
import type { CheckRecord } from './run-record.ts';

/**
 * Follows one check while its step is shown. Met is met: what the system does afterwards no longer matters. A check that holds
 * already when the step opens waits for the learner to change something, and then has to hold for its whole time.
 */
export class CheckTracker {
  readonly definition: CheckDefinition;
  #state: CheckState = 'pending';
  #detail = '';
  /** Null until first looked at. */
  #alreadyHeld: boolean | null = null;
  #holdsSince: number | null = null;
  /** When it held, Unix time in ms; null until met. */
  metFrom: number | null = null;

  constructor(definition: CheckDefinition, record?: CheckRecord) {
    this.definition = definition;
    if (!record) return;
    this.#state = record.metFrom === null ? 'pending' : 'met';
    this.#detail = record.detail;
    this.#alreadyHeld = record.alreadyHeld;
    this.metFrom = record.metFrom;
  }

  get met(): boolean {
    return this.#state === 'met';
  }

  /** @param changed the learner has changed something since the step was opened */
  tick(view: LabView, changed: boolean): void {
    if (this.met) return;
    const { holds, detail } = this.definition.look(view);
    this.#alreadyHeld = (this.#alreadyHeld ?? true) && holds && !changed;
    if (!holds) {
      this.#holdsSince = null;
      this.#state = 'pending';
      this.#detail = detail;
    } else if (this.#alreadyHeld) this.#detail = detail;
    else this.#hold(view.now, detail);
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
    return {
      id: this.definition.id,
      metFrom: this.metFrom,
      detail: this.#detail,
      alreadyHeld: this.#alreadyHeld,
    };
  }

  #hold(now: number, detail: string): void {
    const { holdSeconds } = this.definition;
    this.#holdsSince ??= now;
    const held = (now - this.#holdsSince) / 1000;
    this.#detail = detail;
    if (held >= holdSeconds) {
      this.#state = 'met';
      this.metFrom = this.#holdsSince;
    } else {
      this.#state = 'holding';
      this.#detail = `${detail}, ${Math.floor(held)} of ${holdSeconds} s`;
    }
  }
}
