import type { BreakerState } from '../contract/topology.ts';
import type { MetricPoint } from './otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

/** A breaker of one pod went into a state. */
export interface BreakerChange {
  /** Edge id: `payments>bank`. */
  edge: string;
  pod: string;
  to: BreakerState;
  /** Unix time in ms at which the pod reported it. */
  at: number;
}

export interface BreakerSummary {
  /** The worst over the pods that still report. */
  state: BreakerState;
  openUntil: number | null;
  /** Times opened, summed over the pods that still report. */
  trips: number;
}

interface PodBreaker {
  state: BreakerState;
  openUntil: number;
  transitions: Record<BreakerState, Total>;
}

/** A cumulative counter: its value, and the Unix time in ms from which it counts (each attribute set has its own). */
interface Total {
  value: number;
  since: number;
}

const STATES: BreakerState[] = ['closed', 'half-open', 'open'];
const MAX_BREAKERS = 64;

/**
 * Breaker states from the gauges and counters that pods report. The gauge tells the present; the counter tells what happened
 * between two reports, so that a half-open that lasted 20 ms is seen too.
 */
export class Breakers {
  readonly #edges = new Map<string, PodReports<PodBreaker>>();
  /** Totals older than this receiver are history: they count as trips but are not announced. */
  readonly #startedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Takes in a pod's points of one request; returns the changes they tell of, in order. */
  ingest(points: MetricPoint[], now: number): BreakerChange[] {
    const changes: BreakerChange[] = [];
    for (const [key, own] of groupByBreaker(points)) {
      const { edge, pod } = key;
      let pods = this.#edges.get(edge);
      if (!pods) {
        if (this.#edges.size >= MAX_BREAKERS) continue;
        this.#edges.set(edge, (pods = new PodReports()));
      }
      const before = pods.get(pod);
      const after = read(own, before);
      for (const to of this.#steps(before, after)) changes.push({ edge, pod, to, at: own[0]!.at });
      pods.set(pod, now, after);
    }
    return changes;
  }

  /** Null when no live pod has a breaker on that edge. */
  summary(edge: string, now: number): BreakerSummary | null {
    const live = this.#edges.get(edge)?.live(now) ?? [];
    if (live.length === 0) return null;
    const state = STATES[Math.max(...live.map((breaker) => STATES.indexOf(breaker.state)))]!;
    const waits = live.filter((breaker) => breaker.state === 'open' && breaker.openUntil > 0);
    return {
      state,
      openUntil: state === 'open' && waits.length > 0 ? Math.min(...waits.map((breaker) => breaker.openUntil)) : null,
      trips: live.reduce((sum, breaker) => sum + breaker.transitions.open.value, 0),
    };
  }

  edges(now: number): string[] {
    return [...this.#edges.keys()].filter((edge) => this.summary(edge, now) !== null);
  }

  /** How often each state was entered since the last report. */
  #gained(before: PodBreaker | undefined, after: PodBreaker): Record<BreakerState, number> {
    const gained = { closed: 0, 'half-open': 0, open: 0 };
    for (const state of STATES) {
      const now = after.transitions[state];
      const then = before?.transitions[state];
      // A counter that fell or that counts from a later time belongs to a restarted process: all of it is new.
      const continues = then && then.value <= now.value && then.since >= now.since;
      const isHistory = !before && now.since < this.#startedAt;
      gained[state] = isHistory ? 0 : now.value - (continues ? then.value : 0);
    }
    return gained;
  }

  #steps(before: PodBreaker | undefined, after: PodBreaker): BreakerState[] {
    const steps = walk(before?.state ?? 'closed', after.state, this.#gained(before, after));
    // A library without the counter still has the gauge.
    return steps.length === 0 && before && before.state !== after.state ? [after.state] : steps;
  }
}

/** The order in which a breaker must have gone through the states it has entered. */
function walk(from: BreakerState, final: BreakerState, left: Record<BreakerState, number>): BreakerState[] {
  const steps: BreakerState[] = [];
  let state: BreakerState | undefined = from;
  while (state) {
    state = candidates(state, final, left).find((candidate) => left[candidate] > 0);
    if (!state) break;
    left[state]--;
    steps.push(state);
  }
  return steps;
}

function candidates(state: BreakerState, final: BreakerState, left: Record<BreakerState, number>): BreakerState[] {
  if (state === 'closed') return ['open', 'half-open', 'closed'];
  if (state === 'open') return ['half-open', 'closed', 'open'];
  // From half-open both ways are possible: keep the last step for the state it is in now.
  const closesLast = final === 'closed' && left.closed === 1 && left['half-open'] > 0;
  return closesLast ? ['open', 'closed', 'half-open'] : ['closed', 'open', 'half-open'];
}

function read(points: MetricPoint[], before: PodBreaker | undefined): PodBreaker {
  const none = { value: 0, since: 0 };
  const breaker: PodBreaker = {
    state: before?.state ?? 'closed',
    openUntil: before?.openUntil ?? 0,
    transitions: { closed: none, 'half-open': none, open: none, ...before?.transitions },
  };
  for (const { name, value, attributes, since } of points) {
    if (name === 'circuit_breaker.state') breaker.state = STATES[value] ?? breaker.state;
    else if (name === 'circuit_breaker.open_until') breaker.openUntil = value;
    else if (name === 'circuit_breaker.transitions') {
      const to = attributes['circuit_breaker.to'] as BreakerState;
      if (STATES.includes(to)) breaker.transitions[to] = { value, since };
    }
  }
  return breaker;
}

function groupByBreaker(points: MetricPoint[]): Map<{ edge: string; pod: string }, MetricPoint[]> {
  const groups = new Map<string, { key: { edge: string; pod: string }; points: MetricPoint[] }>();
  for (const point of points) {
    const edge = point.attributes['circuit_breaker.name'];
    if (typeof edge !== 'string' || !point.name.startsWith('circuit_breaker.')) continue;
    const id = `${edge} ${point.pod}`;
    const group = groups.get(id);
    if (group) group.points.push(point);
    else groups.set(id, { key: { edge, pod: point.pod }, points: [point] });
  }
  return new Map([...groups.values()].map((group) => [group.key, group.points]));
}
