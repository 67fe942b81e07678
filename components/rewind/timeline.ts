import type { Mark } from '../../server/contract/signals.ts';
import { seconds } from '../ui/quantity.ts';

/** What the bar is over, Unix time in ms. */
export interface Range {
  from: number;
  to: number;
}

/** Marks of the bar within its range, the earliest first: faults begun and ended, pattern switches. */
export function barMarks(marks: readonly Mark[], { from, to }: Range): Mark[] {
  return marks
    .filter(({ at, kind }) => at >= from && at <= to && kind !== 'load' && kind !== 'breaker')
    .sort((a, b) => a.at - b.at);
}

/** Where a moment lies in the range, from 0 to 1. */
export function shareOf(at: number, { from, to }: Range): number {
  return to <= from ? 1 : Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** When faults acted: one that began before the range from its start, one that still acts to its end. */
export function faultSpans(marks: readonly Mark[], range: Range): Range[] {
  const spans: Range[] = [];
  const open: Mark[] = [];
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    if (mark.kind === 'fault-start') open.push(mark);
    if (mark.kind !== 'fault-end') continue;
    const begun = open.findIndex(({ label }) => mark.label === `${label} ends`);
    const start = begun < 0 ? range.from : open.splice(begun, 1)[0]!.at;
    spans.push({ from: start, to: mark.at });
  }
  return [...spans, ...open.map(({ at }) => ({ from: at, to: range.to }))].filter(
    ({ from, to }) => to > range.from && from < range.to,
  );
}

/** The mark next to a moment in that direction; one less than a second away is where one is already. */
export function nextMark(marks: readonly Mark[], at: number, direction: 'back' | 'on'): Mark | undefined {
  return direction === 'back'
    ? marks.findLast((mark) => mark.at < at - 1000)
    : marks.find((mark) => mark.at > at + 1000);
}

/** `37 s ago`, `2 min ago`. */
export function ago(passed: number): string {
  const whole = Math.max(0, Math.floor(passed));
  return `${seconds(whole < 60 ? whole : whole - (whole % 60))} ago`;
}
