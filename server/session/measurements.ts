import type { LabSystem } from './lab-system.ts';

/** Requests of one service, edge or operation over a time. */
export interface Measured {
  count: number;
  errors: number;
  /** Milliseconds; null without requests. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Mean; null where not reported. */
  inFlight: number | null;
  seconds: number;
}

/** What was measured, merged once for all the runs that look at the same seconds. */
export class Measurements {
  readonly #telemetry: LabSystem['telemetry'];
  readonly #known = new Map<string, Measured>();
  #until = 0;

  constructor(telemetry: LabSystem['telemetry']) {
    this.#telemetry = telemetry;
  }

  /** End of the newest second that has surely been reported, Unix time in ms. */
  until(): number {
    return this.#telemetry.reportedUntil();
  }

  /** The whole seconds in [from, to), Unix time in ms. */
  between(from: number, to: number, signal: string): Measured {
    const until = this.until();
    if (until !== this.#until) this.#known.clear();
    this.#until = until;
    const key = `${from} ${to} ${signal}`;
    let measured = this.#known.get(key);
    if (!measured) this.#known.set(key, (measured = this.#telemetry.percentiles(signal, from, to)));
    return measured;
  }
}
