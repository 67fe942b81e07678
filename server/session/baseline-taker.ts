import { Unmeasured } from '../../labs/engine/expression.ts';
import type { LabDefinition } from '../../labs/engine/lab.ts';
import { keyOf, type Facts, type FactValue } from '../../labs/engine/vocabulary.ts';
import type { LabRun } from '../contract/lab.ts';

/** With less than this a baseline says nothing, ms. */
const LEAST_MS = 2000;

/** Keeps what the facts of a lab's baseline were while the shop was well, before its learner changed anything. */
export class BaselineTaker {
  readonly #definition: LabDefinition['baseline'];
  /** By key of the fact; null before it is taken. */
  values: Record<string, FactValue> | null;
  /** Since when the shop has been well, Unix time in ms of whole measured seconds. */
  #wellSince: number | null = null;
  #wellUntil = 0;

  constructor(definition: LabDefinition['baseline'], values: Record<string, FactValue> | null) {
    this.#definition = definition;
    this.values = values;
  }

  /** Takes a new one, of what is measured from now on. */
  reset(): void {
    this.values = null;
    this.#wellSince = null;
  }

  /** @param atRest its learner has not changed the shop yet */
  state(atRest: boolean): LabRun['baseline'] {
    if (this.values) return 'taken';
    return atRest ? 'measuring' : 'missed';
  }

  /** @param until end of what is measured @param over the facts of [from, to); times are Unix times in ms */
  tick(facts: Facts, until: number, changed: boolean, over: (from: number, to: number) => Facts): void {
    if (this.values) return;
    if (!changed) {
      if (!this.#isWell(facts)) this.#wellSince = null;
      else {
        this.#wellSince ??= until - LEAST_MS; // the condition itself looks back further than that
        this.#wellUntil = until;
      }
    }
    if (this.#wellSince === null) return;
    const enough = this.#wellUntil - this.#wellSince >= this.#definition.forSeconds * 1000;
    // Who is quicker than that has the baseline of what there was.
    if (enough || changed) this.values = this.#read(over(this.#wellSince, this.#wellUntil));
  }

  #isWell(facts: Facts): boolean {
    try {
      return this.#definition.when.value(facts) === true;
    } catch (error) {
      if (error instanceof Unmeasured) return false;
      throw error;
    }
  }

  /** Null while one of them is not measured: services report apart, so the shop may be well before all of it has been heard of. */
  #read(facts: Facts): Record<string, FactValue> | null {
    const values: Record<string, FactValue> = {};
    for (const { fact, args } of this.#definition.facts) {
      const value = facts.ask(fact, args, 'now');
      if (value === null) return null;
      values[keyOf(fact, args, 'now')] = value;
    }
    return values;
  }
}
