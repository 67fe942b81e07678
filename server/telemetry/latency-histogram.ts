import { DDSketch } from '@datadog/sketches-js';

/** Every percentile is at most this share away from the true one (DDSketch's guarantee, Masson et al., VLDB 2019). */
export const RELATIVE_ERROR = 0.01;

/** Durations outside are counted as the nearer end: 10 microseconds, 10 minutes. */
const MIN_MS = 0.01;
const MAX_MS = 600_000;

const mapping = new DDSketch({ relativeAccuracy: RELATIVE_ERROR }).mapping;
const FIRST_KEY = mapping.key(MIN_MS);
/** 10 us to 10 min in steps of 2 %: under 1024, so a bin's number fits into ten bits. */
export const BINS = mapping.key(MAX_MS) - FIRST_KEY + 1;

const COUNT_BITS = 20;
const MAX_COUNT = 2 ** COUNT_BITS - 1;

/**
 * The durations of one second of one series: DDSketch's bins, kept sparse. A bin is one small integer, number and count
 * (bin << 20 | count), and the array is sorted, so a second with 20 requests takes about 200 bytes where the library's dense
 * store takes 2 KB (`ingest.bench.ts` measures both).
 */
export type Bins = number[];

/** True when it took a new bin. */
export function record(bins: Bins, milliseconds: number): boolean {
  const bin = mapping.key(Math.min(Math.max(milliseconds, MIN_MS), MAX_MS)) - FIRST_KEY;
  const at = find(bins, bin);
  const packed = bins[at];
  if (packed === undefined || packed >> COUNT_BITS !== bin) {
    bins.splice(at, 0, (bin << COUNT_BITS) | 1);
    return true;
  }
  if ((packed & MAX_COUNT) < MAX_COUNT) bins[at] = packed + 1;
  return false;
}

/** First position whose bin is not below. */
function find(bins: Bins, bin: number): number {
  let low = 0;
  let high = bins.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bins[middle]! >> COUNT_BITS < bin) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Many seconds, of one or more series, put together: bins add up, so nothing is lost by merging. */
export class MergedBins {
  readonly #counts = new Float64Array(BINS);
  #total = 0;

  add(bins: Bins): this {
    for (const packed of bins) {
      this.#counts[packed >> COUNT_BITS]! += packed & MAX_COUNT;
      this.#total += packed & MAX_COUNT;
    }
    return this;
  }

  /** Milliseconds of the request at rank q * (n - 1), q from 0 to 1; null without requests. */
  quantile(q: number): number | null {
    return quantile(this.#counts, this.#total, q);
  }
}

function quantile(counts: Float64Array, total: number, q: number): number | null {
  if (total === 0) return null;
  const rank = q * (total - 1);
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin]!;
    if (seen > rank) return mapping.value(bin + FIRST_KEY);
  }
  return null;
}

/** As MergedBins.quantile, for one second alone. */
export function quantileOf(bins: Bins, q: number): number | null {
  let total = 0;
  for (const packed of bins) total += packed & MAX_COUNT;
  const rank = q * (total - 1);
  let seen = 0;
  for (const packed of bins) {
    seen += packed & MAX_COUNT;
    if (seen > rank) return mapping.value((packed >> COUNT_BITS) + FIRST_KEY);
  }
  return null;
}
