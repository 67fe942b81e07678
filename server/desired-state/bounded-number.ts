import type { BoundedNumber } from '../contract/patterns.ts';

/** What keeps the text from being a value of the number, to follow "it": `is more than 100 %`. Null when it is one. */
export function wrongWith({ min, max, step, unit }: BoundedNumber, text: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return 'is no number';
  const value = Number(text);
  if (value < min) return `is less than ${min} ${unit}`;
  if (value > max) return `is more than ${max} ${unit}`;
  const steps = (value - min) / step;
  const between = Math.abs(steps - Math.round(steps)) > 1e-6; // 0.1 has no exact form
  return between ? `is not a whole number of steps of ${step} ${unit} from ${min}` : null;
}

/** `from 1 to 100 %, in steps of 1`. */
export function boundsOf({ min, max, step, unit }: BoundedNumber): string {
  return `from ${min} to ${max} ${unit}, in steps of ${step}`;
}
