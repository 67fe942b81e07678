import type { SignalPoint } from '../contract/signals.ts';
import type { EdgeView } from '../contract/topology.ts';
import { quantileOf, record } from './latency-histogram.ts';
import type { Bins } from './latency-histogram.ts';

/** Seconds kept. */
export const WINDOW_SECONDS = 900;
/** A little more than the window, so that the oldest second is still whole while the newest fills. */
const SLOTS = WINDOW_SECONDS + 16;

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

/**
 * A ring of the last 15 minutes. Memory: 916 slots, and at most one 8-byte bin per request or 900 bins per second,
 * whichever is less.
 */
export class Series {
  readonly id: string;
  /** Of edges: what is spoken there. */
  protocol: EdgeProtocol = 'http';
  readonly #slots: (Second | undefined)[] = new Array(SLOTS);
  /** The first second with anything in it. */
  first = Infinity;
  last = -Infinity;
  version = 0;

  constructor(id: string) {
    this.id = id;
  }

  request(t: number, version: number, request: Request): void {
    const second = this.#touch(t, version);
    second.count++;
    if (request.failed) second.errors++;
    if (request.retry) second.retries++;
    if (request.timeout) second.timeouts++;
    record(second.bins, request.milliseconds);
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
    const second = this.#slots[t % SLOTS];
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
      this.#slots[t % SLOTS] = second;
      this.first = Math.min(this.first, t);
      this.last = Math.max(this.last, t);
    }
    second.version = version;
    this.version = version;
    return second;
  }
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
