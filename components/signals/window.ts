import type { Mark, SignalPoint } from '../../server/contract/signals.ts';
import type { Line } from './chart-definition.ts';

/** Seconds the charts show. */
export const SHOWN_SECONDS = 90;

/** One column of a chart: seconds before the right edge as `t`, from -90 to 0, and a value for each line by its name. */
export type Row = { t: number } & Record<string, number | null>;

/** The last ninety seconds up to `end`, one row a second; a second without a point is a gap. */
export function windowRows(points: readonly SignalPoint[], lines: readonly Line[], end: number): Row[] {
  const byTime = new Map(points.slice(-SHOWN_SECONDS - 5).map((point) => [point.t, point]));
  return Array.from({ length: SHOWN_SECONDS + 1 }, (_, i) => {
    const t = i - SHOWN_SECONDS;
    const point = byTime.get(end + t);
    return { t, ...Object.fromEntries(lines.map(({ name, value }) => [name, point ? value(point) : null])) } as Row;
  });
}

/** Marks worth a vertical line: faults and patterns in the shown time. */
export function windowMarks(marks: readonly Mark[], end: number): Mark[] {
  const from = (end - SHOWN_SECONDS) * 1000;
  return marks.filter(({ at, kind }) => at >= from && at <= (end + 1) * 1000 && markTone(kind) !== null);
}

/** Faults begin and end in red, what a learner changed is in the patterns' colour; the rest is not drawn. */
export function markTone(kind: Mark['kind']): 'fault' | 'pattern' | null {
  if (kind === 'fault-start' || kind === 'fault-end') return 'fault';
  return kind === 'pattern' || kind === 'load' ? 'pattern' : null;
}

/** A round top for the axis and the ticks up to it: 1, 2 or 5 times a power of ten apart, at most four. */
export function axisTicks(highest: number, atLeast: number): number[] {
  const reach = Math.max(highest, atLeast);
  const rough = reach / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const ticks = Math.ceil(reach / step - 1e-9);
  return Array.from({ length: ticks + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/** A tick in few letters: `3k` for 3000. */
export function tickLabel(value: number): string {
  return value >= 1000 ? `${value / 1000}k` : value.toString();
}
