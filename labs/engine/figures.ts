/** What a number counts: it decides how the number is written. */
export type Unit = 'ms' | 'per second' | 'share' | 'count';

/** `81 ms`, `3.0 s`, `42 %`, `19.8 /s`, `12`, `2.4`. */
export function figure(value: number, unit: Unit): string {
  if (unit === 'ms') return value < 1000 ? `${round(value)} ms` : `${trim(value / 1000)} s`;
  if (unit === 'share') return `${round(value * 100)} %`;
  if (unit === 'per second') return `${round(value)} /s`;
  return round(value);
}

/** Whole, but for small ones: of 2.4 retries a call the part behind the point is what matters. */
function round(value: number): string {
  return Math.abs(value) < 10 ? trim(value) : String(Math.round(value));
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
