import type { SignalId, SignalPoint } from '../../server/contract/signals.ts';

/** Seconds of history a page keeps. */
export const KEPT_SECONDS = 15 * 60;

export type Signals = Readonly<Record<SignalId, readonly SignalPoint[]>>;

/** Puts new and corrected seconds into a series sorted by `t`, and forgets what is older than fifteen minutes. */
export function mergePoints(series: readonly SignalPoint[], incoming: readonly SignalPoint[]): readonly SignalPoint[] {
  if (incoming.length === 0) return series;
  const byTime = new Map<number, SignalPoint>();
  for (const point of series) byTime.set(point.t, point);
  for (const point of incoming) byTime.set(point.t, point);
  const merged = [...byTime.values()].sort((a, b) => a.t - b.t);
  const oldest = merged.at(-1)!.t - KEPT_SECONDS;
  return merged.filter((point) => point.t > oldest);
}

/** Merges a frame's signals; a series that got nothing new keeps its reference. */
export function mergeSignals(signals: Signals, incoming: Signals): Signals {
  const merged: Record<SignalId, readonly SignalPoint[]> = { ...signals };
  for (const [id, points] of Object.entries(incoming)) merged[id] = mergePoints(merged[id] ?? [], points);
  return merged;
}
