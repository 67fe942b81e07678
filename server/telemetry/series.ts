import type { SignalPoint } from '../contract/signals.ts';
import type { EdgeView } from '../contract/topology.ts';
import { quantileOf, record } from './latency-histogram.ts';
import type { SeriesBudget } from './series-budget.ts';
import type { Bins } from './latency-histogram.ts';

/** Seconds kept. */
export const WINDOW_SECONDS = 900;
/** A little more than the window, so that the oldest second is still whole while the newest fills. */
const SLOTS = 928;
/** Slots come by the chunk: a series that was touched once shall cost little. */
const CHUNK_BITS = 4;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;

/** What V8 takes for each, measured (memory-bounds.test.ts holds it within a factor of two). */
const SERIES_BYTES = 1200;
const CHUNK_BYTES = 176;
const SECOND_BYTES = 320;
const BIN_BYTES = 10;

/** One second of one series. */
export interface Second {
  t: number;
  count: number;
  errors: number;
  retries: number;
  timeouts: number;
  rejections: number;
  inFlight: number | null;
  bins: Bins;
  /** Increases with every change in the whole store: readers that remember it find what is new to them. */
  version: number;
}

export type EdgeProtocol = EdgeView['protocol'];

export interface Request {
  milliseconds: number;
  failed: boolean;
  retry: boolean;
  timeout: boolean;
}

/** A ring of the last 15 minutes, which tells the budget what it takes. */
export class Series {
  readonly id: string;
  /** Of edges: what is spoken there. */
  protocol: EdgeProtocol = 'http';
  /** Of edges: the end that is a broker or an object store. */
  silent: string | null = null;
  readonly #chunks: ((Second | undefined)[] | undefined)[] = new Array(SLOTS >> CHUNK_BITS);
  readonly #budget: SeriesBudget;
  /** The first second with anything in it. */
  first = Infinity;
  last = -Infinity;
  version = 0;

  constructor(id: string, budget: SeriesBudget) {
    this.id = id;
    this.#budget = budget;
    this.#take(SERIES_BYTES + 2 * id.length);
  }

  /** What it takes of the budget. */
  bytes = 0;

  /** Gives all of it back. The series must not be used any more. */
  close(): void {
    this.#take(-this.bytes);
  }

  /** Gives up the seconds before `t`. */
  forget(t: number): void {
    if (this.first >= t) return;
    let first = Infinity;
    for (const [at, chunk] of this.#chunks.entries()) {
      if (!chunk) continue;
      for (let slot = 0; slot < chunk.length; slot++) {
        const second = chunk[slot];
        if (!second) continue;
        if (second.t >= t) first = Math.min(first, second.t);
        else {
          chunk[slot] = undefined;
          this.#take(-cost(second));
        }
      }
      if (chunk.some((second) => second)) continue;
      this.#chunks[at] = undefined;
      this.#take(-CHUNK_BYTES);
    }
    this.first = first;
  }

  request(t: number, version: number, request: Request): void {
    const second = this.#touch(t, version);
    second.count++;
    if (request.failed) second.errors++;
    if (request.retry) second.retries++;
    if (request.timeout) second.timeouts++;
    if (record(second.bins, request.milliseconds)) this.#take(BIN_BYTES);
  }

  /** Requests that were due and not made: they have failed, and have no latency. */
  dropped(t: number, version: number, count: number): void {
    const second = this.#touch(t, version);
    second.count += count;
    second.errors += count;
  }

  rejection(t: number, version: number): void {
    this.#touch(t, version).rejections++;
  }

  inFlight(t: number, version: number, value: number): void {
    this.#touch(t, version).inFlight = value;
  }

  at(t: number): Second | undefined {
    const second = this.#chunks[(t % SLOTS) >> CHUNK_BITS]?.[(t % SLOTS) & CHUNK_MASK];
    return second?.t === t ? second : undefined;
  }

  /** The seconds of [from, to) that have anything in them, oldest first. */
  *range(from: number, to: number): Generator<Second> {
    for (let t = Math.max(from, this.first, to - SLOTS); t < to; t++) {
      const second = this.at(t);
      if (second) yield second;
    }
  }

  #touch(t: number, version: number): Second {
    let second = this.at(t);
    if (!second) {
      second = { t, count: 0, errors: 0, retries: 0, timeouts: 0, rejections: 0, inFlight: null, bins: [], version };
      this.#put(t, second);
      this.first = Math.min(this.first, t);
      this.last = Math.max(this.last, t);
    }
    second.version = version;
    this.version = version;
    return second;
  }

  #put(t: number, second: Second): void {
    const chunk = (this.#chunks[(t % SLOTS) >> CHUNK_BITS] ??= this.#chunk());
    const before = chunk[(t % SLOTS) & CHUNK_MASK];
    if (before) this.#take(-cost(before));
    chunk[(t % SLOTS) & CHUNK_MASK] = second;
    this.#take(cost(second));
  }

  #chunk(): (Second | undefined)[] {
    this.#take(CHUNK_BYTES);
    return new Array(1 << CHUNK_BITS);
  }

  #take(bytes: number): void {
    this.bytes += bytes;
    this.#budget.bytes += bytes;
  }
}

function cost({ bins }: Second): number {
  return SECOND_BYTES + bins.length * BIN_BYTES;
}

/** What pages see of a second; a second in which nothing happened counts too. */
export function toPoint(t: number, second: Second | undefined): SignalPoint {
  if (!second) return { t, count: 0, errors: 0, p50: null, p95: null, p99: null, inFlight: null };
  const { count, errors, bins, inFlight } = second;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => round(quantileOf(bins, q)));
  return { t, count, errors, p50: p50!, p95: p95!, p99: p99!, inFlight };
}

/** Two decimals of a millisecond: more would only be noise on the wire. */
function round(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds * 100) / 100;
}
