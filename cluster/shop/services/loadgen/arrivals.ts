export interface ArrivalsOptions {
  /** Arrivals a second; 0 for none. */
  rate: number;
  /** Called for each arrival with the moment it was due, in ms of performance.now(). Must not throw. */
  arrive: (intended: number) => void;
  /** Arrivals later than this are not made up for. */
  latestMs: number;
  /** How many were left out. */
  missed: (count: number) => void;
  now?: () => number;
}

/**
 * An open loop at a constant rate: customers come by the clock, whether or not those before them have been served. A
 * late wake-up makes up for every arrival that was due, each with its own intended time, so that a stall shows in the
 * latencies instead of hiding in a lower rate (coordinated omission; https://www.youtube.com/watch?v=lJ8ydIuPFeU).
 */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #now: () => number;
  #rate: number;
  /** The schedule: arrival n is due at `origin + n * 1000 / rate`. A new rate begins a new schedule. */
  #origin = 0;
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#rate = options.rate;
  }

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = rate;
    this.#begin();
  }

  start(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'running';
    this.#begin();
  }

  /** For good: who is told to go while the shop still opens must not begin then. */
  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#origin = this.#now();
    this.#next = 1;
    this.#sleep();
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#state !== 'running' || this.#rate === 0) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, this.#due(this.#next) - this.#now()));
  }

  #wake(): void {
    const now = this.#now();
    let missed = 0;
    for (let due = this.#due(this.#next); due <= now; due = this.#due(this.#next)) {
      this.#next += 1;
      if (now - due > this.#options.latestMs) missed += 1;
      else this.#options.arrive(due);
    }
    if (missed > 0) this.#options.missed(missed);
    this.#sleep();
  }

  #due(arrival: number): number {
    return this.#origin + (arrival * 1000) / this.#rate;
  }
}
