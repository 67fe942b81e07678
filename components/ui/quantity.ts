/** Numbers as the page writes them: with a space between thousands and always with a unit. */

/** Does not break at the end of a line. */
const SPACE = '\u00a0';

/** `5 412`. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, SPACE);
}

/** At most two digits that matter below ten: `0.4`, `8.1`, `118`. */
export function decimal(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.05) return '<0.1';
  if (Math.abs(value) < 9.95) return (Math.round(value * 10) / 10).toString();
  return count(value);
}

/** A duration in ms, without its unit; null is a dash. */
function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return decimal(value);
}

/** `81 ms`, `3 000 ms`. */
export function duration(value: number | null): string {
  return value === null ? '–' : `${milliseconds(value)} ms`;
}

/** `118/s`. */
export function rate(value: number): string {
  return `${decimal(value)}/s`;
}

/** A ratio of 0 to 1 as `0.4 %`; null, a share of nothing, is a dash. */
export function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${decimal(ratio * 100)} %`;
}

/** `1 pod`, `2 pods`, `2 deliveries`. */
export function plural(value: number, one: string, many = `${one.replace(/([^aeiou])y$/, '$1ie')}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const pad = (value: number) => value.toString().padStart(2, '0');

/** `16:02`, in the reader's time zone. */
export function clock(time: number): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** `16:02:31`. */
export function clockSeconds(time: number): string {
  return `${clock(time)}:${pad(new Date(time).getSeconds())}`;
}

/** A span of seconds: `37 s`, `2 min 5 s`, `3 h 4 min`. */
export function seconds(value: number): string {
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A figure by its unit, a duration over a second in seconds; null is a dash. */
export function quantity(value: number | null, unit: 'ms' | 'per second' | 'share' | 'count'): string {
  if (value === null) return '–';
  if (unit === 'ms') return value < 1000 ? duration(value) : `${decimal(value / 1000)} s`;
  if (unit === 'share') return percent(value);
  return unit === 'per second' ? rate(value) : count(value);
}
