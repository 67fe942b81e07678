/**
 * The same with fractions cut to three digits that count, which is what a page shows; whole numbers stay as they are. So
 * what moves by less than one can see is no change, and costs nothing.
 */
export function rounded<T>(value: T): T {
  if (typeof value === 'number') return roundedNumber(value) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)])) as T;
}

function roundedNumber(value: number): number {
  if (Number.isInteger(value)) return value;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
