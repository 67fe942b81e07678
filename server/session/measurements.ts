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
  #edges: ReturnType<LabSystem['telemetry']['edges']> | null = null;
  #until = 0;

  constructor(telemetry: LabSystem['telemetry']) {
    this.#telemetry = telemetry;
  }

  /** End of the newest second that has surely been reported, Unix time in ms. */
  until(): number {
    return this.#telemetry.reportedUntil();
  }

  /** Calls between services. */
  edges(): ReturnType<LabSystem['telemetry']['edges']> {
    this.#forgetOld();
    return (this.#edges ??= this.#telemetry.edges());
  }

  /** The whole seconds in [from, to), Unix time in ms. */
  between(from: number, to: number, signal: string): Measured {
    this.#forgetOld();
    const key = `${from} ${to} ${signal}`;
    let measured = this.#known.get(key);
    if (!measured) this.#known.set(key, (measured = this.#telemetry.percentiles(signal, from, to)));
    return measured;
  }

  #forgetOld(): void {
    const until = this.until();
    if (until === this.#until) return;
    this.#until = until;
    this.#known.clear();
    this.#edges = null;
  }
}
