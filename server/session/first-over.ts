import type { Facts } from '../../labs/engine/vocabulary.ts';
import type { Measurements } from './measurements.ts';

/** Finds the service that hurts first, among those that answer requests. */
export class FirstOver {
  readonly #measurements: Measurements;

  constructor(measurements: Measurements) {
    this.#measurements = measurements;
  }

  /** All that may be answered: whoever is called. Those that only call send the load. */
  services(): string[] {
    const called = this.#measurements.edges().map(({ destination }) => destination);
    return [...new Set(called)].sort();
  }

  /**
   * The first of which the fact is over the limit; null while there is none. What a fault acts on is the cause, and not hurt by it.
   * Of several in the same second it is the one that calls none of the others: a caller waits for those it calls, never the
   * other way round.
   */
  find({ first, over }: { first: string; over: number }, facts: Facts): string | null {
    const isCause = (service: string) => facts.ask('fault', [service], 'now') === true;
    const isOver = (service: string) => Number(facts.ask(first, [service], 'now') ?? 0) > over;
    const hurt = this.services().filter((service) => isOver(service) && !isCause(service));
    const calls = this.#measurements.edges().filter(({ source }) => hurt.includes(source));
    return (
      hurt.find((service) => !calls.some((edge) => edge.source === service && hurt.includes(edge.destination))) ?? null
    );
  }
}
