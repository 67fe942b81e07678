import type { EdgeView } from '../../server/contract/topology.ts';
import { duration, percent, rate } from '../ui/quantity.ts';

export type EdgeTone = 'ok' | 'warn' | 'bad' | 'idle';

/** What a share of failed calls looks like. */
export function edgeTone(edge: EdgeView): EdgeTone {
  if (edge.breaker?.state === 'open' || edge.errorRatio >= 0.2) return 'bad';
  if (edge.errorRatio >= 0.02 || edge.timeoutRate > 0 || edge.breaker?.state === 'half-open') return 'warn';
  return edge.rate > 0 ? 'ok' : 'idle';
}

/** Slower than this at p95 is worth a word, in ms. */
const SLOW = 300;

/** The few things about an edge that a reader should see without asking, the worst first; often none. */
export function edgeNotes(edge: EdgeView): string[] {
  const notes: string[] = [];
  if (edge.breaker && edge.breaker.state !== 'closed' && edge.rate > 0) notes.push(`${rate(edge.rate)} probes`);
  if (edge.errorRatio >= 0.015) notes.push(`${percent(edge.errorRatio)} err`);
  if (edge.timeoutRate >= 0.1) notes.push(`${rate(edge.timeoutRate)} timeouts`);
  if (edge.retryRate >= 0.1) notes.push(`${rate(edge.retryRate)} retries`);
  if (edge.p95 !== null && edge.p95 >= SLOW) notes.push(duration(edge.p95));
  return notes.slice(0, 2);
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
  const parts = [`${rate(edge.rate)}`, `${percent(edge.errorRatio)} errors`, `p95 ${duration(edge.p95)}`];
  if (edge.retryRate > 0) parts.push(`${rate(edge.retryRate)} retries`);
  if (edge.timeoutRate > 0) parts.push(`${rate(edge.timeoutRate)} timeouts`);
  return `${edgeName(edge)}: ${parts.join(', ')}`;
}
