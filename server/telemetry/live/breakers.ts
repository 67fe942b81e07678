import type { BreakerState } from '../../contract/topology.ts';
import type { MetricPoint } from '../otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';
import { WINDOW_SECONDS } from '../series.ts';
import type { Span } from '../span.ts';

/** A breaker of one pod went into a state. */
export interface BreakerChange {
  /** Its identity, however often it is sent: the id of the span that tells of it. */
  id: string;
  /** Edge id: `payments>bank`. */
  edge: string;
  pod: string;
  to: BreakerState;
  /** Unix time in ms at which the pod saw it. */
  at: number;
}

export interface BreakerSummary {
  /** The worst over the pods that still report. */
  state: BreakerState;
  openUntil: number | null;
  /** Times opened in the last 15 minutes. */
  trips: number;
}

interface PodBreaker {
  state: BreakerState;
  openUntil: number;
}

interface Breaker {
  pods: PodReports<PodBreaker>;
  /** When it opened, Unix time in ms, oldest first. */
  trips: number[];
}

const STATES: BreakerState[] = ['closed', 'half-open', 'open'];
const MAX_BREAKERS = 64;
const MAX_TRIPS = 1000;
const TRANSITION = 'circuit_breaker.transition';

/** Breaker states from the gauges that pods report, and their changes from spans: each is told of once, and none is made up. */
export class Breakers {
  readonly #edges = new Map<string, Breaker>();

  /** Takes in the present state of the breakers of some pods. */
  ingest(points: MetricPoint[], now: number): void {
    for (const { name, value, pod, attributes } of points) {
      const edge = attributes['circuit_breaker.name'];
      if (typeof edge !== 'string') continue;
      const known = this.#edges.get(edge)?.pods.get(pod) ?? { state: 'closed', openUntil: 0 };
      if (name === 'circuit_breaker.state') known.state = STATES[value] ?? known.state;
      else if (name === 'circuit_breaker.open_until') known.openUntil = value;
      else continue;
      this.#breaker(edge, now)?.pods.set(pod, now, known);
    }
  }

  /** The change that a span tells of, which must not have come in before; null for any other span. */
  change({ name, spanId, service, pod, end, attributes }: Span): BreakerChange | null {
    if (name !== TRANSITION) return null;
    const edge = attributes['circuit_breaker.name'];
    const to = STATES.find((state) => state === attributes['circuit_breaker.to']);
    if (typeof edge !== 'string' || !to) return null;
    const breaker = this.#breaker(edge, end);
    if (!breaker) return null;
    if (to === 'open') breaker.trips = [...breaker.trips, end].slice(-MAX_TRIPS);
    return { id: spanId, edge, pod: pod ?? service, to, at: end };
  }

  /** Null when no live pod has a breaker on that edge. */
  summary(edge: string, now: number): BreakerSummary | null {
    const breaker = this.#edges.get(edge);
    const live = breaker?.pods.live(now) ?? [];
    if (!breaker || live.length === 0) return null;
    const state = STATES[Math.max(...live.map((pod) => STATES.indexOf(pod.state)))]!;
    const waits = live.filter((pod) => pod.state === 'open' && pod.openUntil > 0);
    const openUntil = state === 'open' && waits.length > 0 ? Math.min(...waits.map((pod) => pod.openUntil)) : null;
    return { state, openUntil, trips: breaker.trips.filter((at) => at > now - WINDOW_SECONDS * 1000).length };
  }

  edges(now: number): string[] {
    return [...this.#edges.keys()].filter((edge) => this.summary(edge, now) !== null);
  }

  #breaker(edge: string, now: number): Breaker | undefined {
    let breaker = this.#edges.get(edge);
    if (!breaker && this.#edges.size >= MAX_BREAKERS) this.#forgetSilent(now);
    if (!breaker && this.#edges.size < MAX_BREAKERS) {
      this.#edges.set(edge, (breaker = { pods: new PodReports(), trips: [] }));
    }
    return breaker;
  }

  #forgetSilent(now: number): void {
    for (const [edge, { pods, trips }] of this.#edges) {
      const tripped = (trips.at(-1) ?? -Infinity) > now - WINDOW_SECONDS * 1000;
      if (!tripped && pods.live(now).length === 0) this.#edges.delete(edge);
    }
  }
}
