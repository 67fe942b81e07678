import type { MetricPoint } from '../otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

/** What the load generators say they do. */
export interface LoadReport {
  /** Requests per second asked for. */
  rate: number;
  /** Requests sent and journeys given up, per second over about the last second. */
  sent: number;
  dropped: number;
  /** Requests without an answer yet, and the age of the oldest in ms. */
  open: number;
  oldestMs: number;
}

interface Pod {
  rate: number;
  open: number;
  oldestMs: number;
  samples: Sample[];
}

interface Sample {
  at: number;
  sent: number;
  dropped: number;
}

/** Rates come from totals this far apart or a little more. */
const SPAN_MS = 1000;
/** Of a pod; one that reports more often keeps its oldest and its newest. */
const MAX_SAMPLES = 16;
const MAX_COUNTERS = 256;
/** Twice what the highest rate, 500 a second, makes in the 15 minutes that are shown: what says more is no count. */
const MOST_DROPPED = 1_000_000;

export class LoadReports {
  readonly #pods = new PodReports<Pod>();
  /** Counters of drops, by pod and by when its process began, as they were last; those heard of last stand last. */
  readonly #dropped = new Map<string, number>();

  /** Returns how many were given up unsent since each generator's report before. */
  ingest(points: MetricPoint[], now: number): number {
    let dropped = 0;
    for (const point of points) {
      if (!point.name.startsWith('loadgen.') || Math.abs(point.value) > Number.MAX_SAFE_INTEGER) continue;
      const pod = this.#pods.get(point.pod) ?? { rate: 0, open: 0, oldestMs: 0, samples: [] };
      if (point.name === 'loadgen.rate') pod.rate = point.value;
      else if (point.name === 'loadgen.sent') addTo(pod.samples, point, 'sent');
      else if (point.name === 'loadgen.open') pod.open = point.value;
      else if (point.name === 'loadgen.oldest_request_age') pod.oldestMs = point.value;
      else if (point.name === 'loadgen.dropped') {
        dropped += this.#droppedSince(point);
        addTo(pod.samples, point, 'dropped');
      }
      this.#pods.set(point.pod, now, pod);
    }
    return dropped;
  }

  /** A generator that was silent for a while may have dropped all the more; one that is new tells of drops before anybody listened. */
  #droppedSince({ pod, since, value }: MetricPoint): number {
    const process = `${pod} ${since}`;
    const before = this.#dropped.get(process) ?? value;
    this.#dropped.delete(process);
    this.#dropped.set(process, value);
    if (this.#dropped.size > MAX_COUNTERS) this.#dropped.delete(this.#dropped.keys().next().value!);
    const dropped = Math.floor(value - before);
    return dropped > 0 && dropped <= MOST_DROPPED ? dropped : 0;
  }

  /** Summed over the generators that still report; null without one. */
  report(now: number): LoadReport | null {
    const live = this.#pods.live(now);
    if (live.length === 0) return null;
    const total = { rate: 0, sent: 0, dropped: 0, open: 0, oldestMs: 0 };
    for (const { rate, open, oldestMs, samples } of live) {
      total.rate += rate;
      total.open += open;
      total.oldestMs = Math.max(total.oldestMs, oldestMs);
      total.sent += perSecond(samples, 'sent');
      total.dropped += perSecond(samples, 'dropped');
    }
    return total;
  }
}

/** Points of one reading share their time; the counters of a restarted process begin anew. */
function addTo(samples: Sample[], point: MetricPoint, counter: 'sent' | 'dropped'): void {
  const last = samples.at(-1);
  if (last && point.at < last.at) return; // late, or of a clock that was set back
  if (last && point.value < last[counter]) samples.length = 0;
  const sample = samples.at(-1);
  if (sample?.at === point.at) sample[counter] = point.value;
  else samples.push({ at: point.at, sent: sample?.sent ?? 0, dropped: sample?.dropped ?? 0, [counter]: point.value });
  while (samples.length > 2 && samples[1]!.at <= point.at - SPAN_MS) samples.shift();
  if (samples.length > MAX_SAMPLES) samples.splice(1, 1);
}

function perSecond(samples: Sample[], counter: 'sent' | 'dropped'): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at === first.at) return 0;
  return ((last[counter] - first[counter]) * 1000) / (last.at - first.at);
}
