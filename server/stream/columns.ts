import type { SignalPoint } from '../contract/signals.ts';
import type { Run } from '../contract/stream.ts';
import { rounded } from './rounded.ts';

/** Points as columns, one run for each stretch of consecutive seconds. `points` are sorted by `t`. */
export function toRuns(points: readonly SignalPoint[]): Run[] {
  const stretches: SignalPoint[][] = [];
  for (const point of points) {
    const last = stretches.at(-1);
    if (last?.at(-1)?.t === point.t - 1) last.push(point);
    else stretches.push([point]);
  }
  return stretches.map(toRun);
}

function toRun(points: SignalPoint[]): Run {
  const run: Run = { t0: points[0]!.t, count: points.map(({ count }) => count) };
  if (points.some(({ errors }) => errors !== 0)) run.errors = points.map(({ errors }) => errors);
  for (const name of ['p50', 'p95', 'p99', 'inFlight'] as const)
    if (points.some((point) => point[name] !== null)) run[name] = points.map((point) => rounded(point[name]));
  return run;
}
