import type { FieldErrors } from './field-errors.ts';

/** A number of pods, or a share of the desired number in whole percent. */
export type IntOrPercent = number | string;

/** At least 0, and at most 100 % where it is a share and `atMostAll`. */
export function validateIntOrPercent(
  path: string,
  value: IntOrPercent | undefined,
  errors: FieldErrors,
  atMostAll = true,
): void {
  if (typeof value === 'number') errors.range(path, value, 0);
  else if (value !== undefined && !/^\d+%$/.test(value)) {
    errors.invalid(path, value, "a valid percent string must be a numeric string followed by an ending '%'");
  } else if (value !== undefined && atMostAll && parseInt(value) > 100) {
    errors.invalid(path, value, 'must not be greater than 100%');
  }
}

/** How many pods that is of `total`; `round` settles fractions of a pod. */
export function scaledValue(value: IntOrPercent, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((total * Number(value.slice(0, -1))) / 100) : Number(value);
}
