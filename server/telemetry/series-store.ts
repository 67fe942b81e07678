import type { SignalId, SignalPoint, SignalSeries } from '../contract/signals.ts';
import type { Traffic } from '../contract/topology.ts';
import { MergedBins } from './latency-histogram.ts';
import type { SeriesBudget } from './series-budget.ts';
import { Series, toPoint, WINDOW_SECONDS } from './series.ts';

/** Rates and latencies of "now" are of this many seconds. */
const NOW_SECONDS = 3;

export type Family = 'service' | 'edge' | 'operation' | 'customer';

/** The service that stands for all that are not told apart. */
export const OTHER = 'other';

/** Series per family; whatever comes after shares the one called `other`, and pages are told (`beyondBounds`). */
const MAX_SERIES: Record<Family, number> = { service: 64, edge: 256, operation: 64, customer: 32 };

/** What is counted together in the series called `other`: what came beyond so many services, edges or operations. */
export interface BeyondBound {
  family: Family;
  bound: number;
}

/** A series that had nothing for this long gives way to a new one, where there is no room: names that were made up stay no longer. */
const GIVES_WAY_AFTER = 60;
/** Seconds from one look for idle series to the next. */
const SWEEP_EVERY = 10;

/** Where a reader of changes is. Opaque: take it from one answer to the next question. */
export interface Cursor {
  version: number;
  second: number;
}

/** Requests between two moments. */
export interface Percentiles {
  count: number;
  errors: number;
  rejections: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Mean over the seconds that reported it. */
  inFlight: number | null;
  /** Whole seconds asked for. */
  seconds: number;
}

export class SeriesStore {
  readonly #series = new Map<SignalId, Series>();
  readonly #families: Record<Family, Set<SignalId>> = {
    service: new Set(),
    edge: new Set(),
    operation: new Set(),
    customer: new Set(),
  };
  /** When something was last counted together, by family. Unix time in whole seconds. */
  readonly #overflows = new Map<Family, number>();
  readonly #budget: SeriesBudget;
  #version = 0;
  #now = 0;
  #sweptAt = 0;

  /** @param budget shared by all scopes */
  constructor(budget: SeriesBudget) {
    this.#budget = budget;
  }

  /** The version for a batch of changes. */
  nextVersion(): number {
    return ++this.#version;
  }

  /** Removes the series that had nothing in the window. @param now Unix time in whole seconds */
  sweep(now: number): void {
    this.#now = now;
    if (now - this.#sweptAt < SWEEP_EVERY) return;
    this.#sweptAt = now;
    for (const [family, ids] of Object.entries(this.#families)) {
      for (const id of ids) if (this.#series.get(id)!.last < now - WINDOW_SECONDS) this.#remove(family as Family, id);
    }
  }

  /** Nothing of it may be used any more. */
  close(): void {
    for (const series of this.#series.values()) series.close();
    this.#series.clear();
  }

  all(): Iterable<Series> {
    return this.#series.values();
  }

  /** The series of that id, made at first use. */
  series(family: Family, id: SignalId): Series {
    const known = this.#series.get(id);
    if (known) return known;
    const ids = this.#families[family];
    const admitted = ids.size < MAX_SERIES[family] || this.#makeRoom(family) ? id : overflowId(family, id);
    if (admitted !== id) this.#overflows.set(family, this.#now);
    let series = this.#series.get(admitted);
    if (!series) {
      series = new Series(admitted, this.#budget);
      this.#series.set(admitted, series);
      ids.add(admitted);
    }
    return series;
  }

  get(id: SignalId): Series | undefined {
    return this.#series.get(id);
  }

  ids(family: Family): SignalId[] {
    return [...this.#families[family]];
  }

  /** @param since Unix time in whole seconds */
  beyondBounds(since: number): BeyondBound[] {
    const families = [...this.#overflows].filter(([, at]) => at >= since).map(([family]) => family);
    return families.map((family) => ({ family, bound: MAX_SERIES[family] }));
  }

  /** The last `seconds` whole seconds before `end`, of each id. An unknown id gives a series without points. */
  signals(ids: SignalId[], seconds: number, end: number): SignalSeries[] {
    const from = end - Math.min(Math.max(Math.floor(seconds), 1), WINDOW_SECONDS);
    return ids.map((id) => ({ id, points: this.#points(this.#series.get(id), from, end, () => true) }));
  }

  /**
   * The whole seconds before `end` that are new or changed since the cursor; all of the window without a cursor.
   * Seconds in which nothing happened are given once, when they end.
   */
  changes(cursor: Cursor | null, end: number): { signals: Record<SignalId, SignalPoint[]>; cursor: Cursor } {
    const { version, second } = cursor ?? { version: 0, second: end - WINDOW_SECONDS };
    const signals: Record<SignalId, SignalPoint[]> = {};
    for (const series of this.#series.values()) {
      const oldest = series.version > version ? end - WINDOW_SECONDS : second;
      const points = this.#points(series, oldest, end, (t) => t >= second || (series.at(t)?.version ?? 0) > version);
      if (points.length > 0) signals[series.id] = points;
    }
    return { signals, cursor: { version: this.#version, second: Math.max(second, end) } };
  }

  /** Traffic of the given series taken as one, over the last three whole seconds before `end`. */
  traffic(ids: SignalId[], end: number): Traffic {
    const { count, errors, p50, p95, p99 } = this.percentiles(ids, end - NOW_SECONDS, end);
    return { rate: count / NOW_SECONDS, errorRatio: count === 0 ? null : errors / count, p50, p95, p99 };
  }

  /** All requests that ended in the whole seconds [from, to), merged exactly from their histograms. */
  percentiles(ids: SignalId[], from: number, to: number): Percentiles {
    const merged = new MergedBins();
    const total = { count: 0, errors: 0, rejections: 0, inFlight: 0, reports: 0 };
    for (const id of ids) {
      for (const second of this.#series.get(id)?.range(from, to) ?? []) {
        merged.add(second.bins);
        total.count += second.count;
        total.errors += second.errors;
        total.rejections += second.rejections;
        if (second.inFlight !== null) {
          total.inFlight += second.inFlight;
          total.reports++;
        }
      }
    }
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => merged.quantile(q));
    const { count, errors, rejections } = total;
    const inFlight = total.reports === 0 ? null : total.inFlight / total.reports;
    return { count, errors, rejections, p50: p50!, p95: p95!, p99: p99!, inFlight, seconds: Math.max(0, to - from) };
  }

  /** Per second, over the last three whole seconds before `end`. */
  rate(id: SignalId, what: 'retries' | 'timeouts' | 'rejections', end: number): number {
    let total = 0;
    for (const second of this.#series.get(id)?.range(end - NOW_SECONDS, end) ?? []) total += second[what];
    return total / NOW_SECONDS;
  }

  #makeRoom(family: Family): boolean {
    const last = (id: SignalId) => this.#series.get(id)!.last;
    let idlest: SignalId | undefined;
    for (const id of this.#families[family]) if (idlest === undefined || last(id) < last(idlest)) idlest = id;
    if (idlest === undefined || last(idlest) >= this.#now - GIVES_WAY_AFTER) return false;
    this.#remove(family, idlest);
    return true;
  }

  #remove(family: Family, id: SignalId): void {
    this.#families[family].delete(id);
    this.#series.get(id)?.close();
    this.#series.delete(id);
  }

  #points(series: Series | undefined, from: number, end: number, wanted: (t: number) => boolean): SignalPoint[] {
    const points: SignalPoint[] = [];
    if (!series) return points;
    for (let t = Math.max(from, series.first); t < end; t++) if (wanted(t)) points.push(toPoint(t, series.at(t)));
    return points;
  }
}

function overflowId(family: Family, id: SignalId): SignalId {
  if (family === 'edge') return `${OTHER}>${OTHER}`;
  return family === 'service' ? OTHER : `${id.split(' ', 1)[0]} ${OTHER}`;
}
