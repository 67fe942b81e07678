/** `81 ms`, `3.0 s`; a dash without a value. */
export function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** `42 %`, from a share of 0 to 1. */
export function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
