import type { EdgeView } from '../../server/contract/topology.ts';
import { duration, percent, rate } from '../ui/quantity.ts';

export type EdgeTone = 'ok' | 'warn' | 'bad' | 'idle';

/**
 * When an edge is worth a look (warn) or in trouble (bad): the same as for a service (server/telemetry/health.ts). A ratio
 * is of three seconds, some 60 calls; the healthy bank fails 1 % of them, which reaches 10 % once in many hours.
 */
export const THRESHOLDS = {
  errorRatio: { warn: 0.1, bad: 0.25 },
  /** Milliseconds. */
  p95: { warn: 300 },
  /** Per second: less than one in three seconds is none. */
  rate: { warn: 0.1 },
} as const;

/** How an edge is drawn: what is failing before what is slow. */
export function edgeTone(edge: EdgeView): EdgeTone {
  if (edge.breaker?.state === 'open' || ratio(edge) >= THRESHOLDS.errorRatio.bad) return 'bad';
  if (edge.breaker?.state === 'half-open' || edge.timeoutRate >= THRESHOLDS.rate.warn) return 'warn';
  if (ratio(edge) >= THRESHOLDS.errorRatio.warn || isSlow(edge)) return 'warn';
  return edge.rate > 0 ? 'ok' : 'idle';
}

const ratio = ({ errorRatio }: EdgeView) => errorRatio ?? 0;
const isSlow = ({ p95 }: EdgeView) => p95 !== null && p95 >= THRESHOLDS.p95.warn;

/** The few things about an edge that a reader should see without asking, the worst first; often none. */
export function edgeNotes(edge: EdgeView): string[] {
  const notes: string[] = [];
  if (edge.breaker && edge.breaker.state !== 'closed' && edge.rate > 0) notes.push(`${rate(edge.rate)} probes`);
  if (ratio(edge) >= THRESHOLDS.errorRatio.warn) notes.push(`${percent(edge.errorRatio)} err`);
  if (edge.timeoutRate >= THRESHOLDS.rate.warn) notes.push(`${rate(edge.timeoutRate)} timeouts`);
  if (edge.retryRate >= THRESHOLDS.rate.warn) notes.push(repeats(edge));
  if (isSlow(edge)) notes.push(duration(edge.p95));
  return notes.slice(0, 2);
}

/** A call is tried again, a message delivered again. */
function repeats({ protocol, retryRate }: EdgeView): string {
  return `${rate(retryRate)} ${protocol === 'messaging' ? 'again' : 'retries'}`;
}

/** `payments → bank`. */
export function edgeName(edge: { source: string; destination: string }): string {
  return `${edge.source} → ${edge.destination}`;
}

/** An edge's id in words: `payments>bank` becomes `payments → bank`; a service's name stays. */
export function targetName(target: string): string {
  return target.replace('>', ' → ');
}

/** The whole edge in one sentence, for those who do not see it. */
export function describeEdge(edge: EdgeView): string {
  if (edge.errorRatio === null) return `${edgeName(edge)}: no calls`;
  const parts = [`${rate(edge.rate)}`, `${percent(edge.errorRatio)} errors`, `p95 ${duration(edge.p95)}`];
  if (edge.retryRate > 0) parts.push(repeats(edge));
  if (edge.timeoutRate > 0) parts.push(`${rate(edge.timeoutRate)} timeouts`);
  return `${edgeName(edge)}: ${parts.join(', ')}`;
}
