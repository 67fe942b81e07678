import { Failure } from '../../service/failure.ts';

/** A request's place at an instance of the function, until it is left. */
export interface Place {
  url: string;
  leave(): void;
}

interface Waiting {
  take: (place: Place) => void;
  refuse: (reason: unknown) => void;
}

/** An instance that took no connection is tried again after so long: what refused it may be over, and nobody tells of that. */
const lostMs = 1_000;

interface HeldRequestsOptions {
  /** Requests that one instance is given at once. */
  target: number;
  /** Requests held at once; those beyond are refused. */
  most: number;
  /** How long one is held. */
  holdMs: number;
  /** Called when there are more or less requests, held or under way. */
  onDemand: (demand: number) => void;
}

/** Gives each request a place at the instance that has the fewest, at most `target` each; holds it, first come first served, until there is one. */
export class HeldRequests {
  readonly #options: HeldRequestsOptions;
  /** Requests under way by instance, those of instances that are on their way out too. */
  readonly #running = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #urls: readonly string[] = [];
  readonly #lost = new Set<string>();

  constructor(options: HeldRequestsOptions) {
    this.#options = options;
  }

  /** Places there are. */
  get limit(): number {
    return this.#usable().length * this.#options.target;
  }

  get running(): number {
    return [...this.#running.values()].reduce((sum, running) => sum + running, 0);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The instances that are ready now. */
  setInstances(urls: readonly string[]): void {
    this.#urls = urls;
    this.#lost.clear();
    this.#serve();
  }

  /** An instance that takes no connections: no more are sent there for a while, or until it is told of anew. */
  lost(url: string): void {
    this.#lost.add(url);
    setTimeout(() => {
      this.#lost.delete(url);
      this.#serve();
    }, lostMs).unref();
  }

  /** A place at once; undefined where there is none, or others wait. */
  take(): Place | undefined {
    const url = this.#waiting.size === 0 ? this.#free() : undefined;
    return url === undefined ? undefined : this.#placeAt(url);
  }

  /**
   * Holds a request until there is a place.
   *
   * @param signal leaves the line when it aborts, rejecting with its reason
   * @throws Failure 503 `too-many-held`, 504 `no-instance`.
   */
  async wait(signal: AbortSignal): Promise<Place> {
    const { most, holdMs } = this.#options;
    if (this.#waiting.size >= most) {
      throw new Failure(503, 'too-many-held', `${most} requests are held already; come again later.`);
    }
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Place>();
    const waiting = { take: resolve, refuse: reject };
    this.#waiting.add(waiting);
    const tooLong = new Failure(504, 'no-instance', `No instance of the function took it within ${holdMs} ms.`);
    const timer = setTimeout(() => reject(tooLong), holdMs);
    const gone = () => reject(signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    this.#tell();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      if (this.#waiting.delete(waiting)) this.#tell();
    }
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      const url = this.#free();
      if (url === undefined) return;
      this.#waiting.delete(waiting);
      waiting.take(this.#placeAt(url));
    }
  }

  /** The instance that has the fewest, where it has not enough. */
  #free(): string | undefined {
    const [url] = this.#usable().toSorted((a, b) => this.#runningAt(a) - this.#runningAt(b));
    return url !== undefined && this.#runningAt(url) < this.#options.target ? url : undefined;
  }

  #usable(): readonly string[] {
    return this.#urls.filter((url) => !this.#lost.has(url));
  }

  #placeAt(url: string): Place {
    this.#running.set(url, this.#runningAt(url) + 1);
    this.#tell();
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      if (this.#runningAt(url) > 1) this.#running.set(url, this.#runningAt(url) - 1);
      else this.#running.delete(url);
      this.#serve();
      this.#tell();
    };
    return { url, leave };
  }

  #runningAt(url: string): number {
    return this.#running.get(url) ?? 0;
  }

  #tell(): void {
    this.#options.onDemand(this.running + this.waiting);
  }
}
