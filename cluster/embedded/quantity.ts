/** Powers of ten, and of two. */
const decimal: Record<string, number> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const suffixes = [...Object.keys(decimal), ...Object.keys(binary)];

/** A decimal number, then an exponent, a suffix or neither: `1E3` is a thousand, `1E` is 10^18. */
const GRAMMAR = new RegExp(`^([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))(?:([eE][+-]?\\d+)|(${suffixes.join('|')}))?$`);

/** Whether a text is a Kubernetes quantity. */
export function isQuantity(text: string): boolean {
  return GRAMMAR.test(text);
}

/**
 * A Kubernetes quantity as a number: `250m` is 0.25, `64Mi` is 67108864. Whatever the API has let in is one.
 *
 * @throws RangeError
 */
export function parseQuantity(text: string | number): number {
  const match = GRAMMAR.exec(String(text));
  if (!match) throw notQuantity(text);
  const [, number, exponent, suffix = ''] = match;
  const power = exponent ?? `e${decimal[suffix] ?? 0}`;
  return Number(number + power) * 2 ** (binary[suffix] ?? 0);
}

/** Suffixes by their power, for writing one. */
const decimalSuffix = new Map(Object.entries({ ...decimal, '': 0 }).map(([suffix, power]) => [power, suffix]));
const binarySuffix = ['', ...Object.keys(binary)];

/**
 * The one way to write a quantity (apimachinery's Quantity.CanonicalizeBytes), so that `0.5` and `500m` are the same text: no
 * fraction, the largest suffix that leaves none, nothing finer than a nano, rounded up. The kind of suffix stays.
 *
 * @throws RangeError
 */
export function canonicalQuantity(text: string): string {
  const { nanos, minus, suffix, exponent } = exactly(text);
  if (suffix in binary && nanos >= 1024n * NANOS) return minus + inBinary(ceilDivide(nanos, NANOS));
  return minus + inDecimal(nanos, exponent !== undefined);
}

/**
 * Thousandths in a quantity, a whole number, rounded up (Quantity.MilliValue): `100m` is 100, and twenty of them are `2`.
 *
 * @throws RangeError
 */
export function milliValue(text: string): number {
  const { nanos, minus } = exactly(text);
  return Number(minus + ceilDivide(nanos, 10n ** 6n));
}

/**
 * A quantity as a whole number, rounded up (Quantity.Value): `1Ki` is 1024, `1500m` is 2.
 *
 * @throws RangeError
 */
export function wholeValue(text: string): number {
  const { nanos, minus } = exactly(text);
  return Number(minus + ceilDivide(nanos, NANOS));
}

/** A quantity without loss: its amount in billionths, nothing finer, rounded up. */
function exactly(text: string) {
  const match = GRAMMAR.exec(text);
  if (!match) throw notQuantity(text);
  const [, number = '', exponent, suffix = ''] = match;
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(number)!;
  const power = exponent ? Number(exponent.slice(1)) : (decimal[suffix] ?? 0);
  const shift = 9 + power - fraction.length;
  const digits = BigInt(whole + fraction || '0') * 2n ** BigInt(binary[suffix] ?? 0);
  const nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : ceilDivide(digits, 10n ** BigInt(-shift));
  return { nanos, minus: sign === '-' && nanos > 0n ? '-' : '', suffix, exponent };
}

function notQuantity(text: string | number): RangeError {
  return new RangeError(`"${text}" is not a quantity; write a number with one of ${suffixes.join(' ')}`);
}

const NANOS = 10n ** 9n;

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

function inBinary(value: bigint): string {
  let step = 0;
  for (; value % 1024n === 0n && step < binarySuffix.length - 1; step++) value /= 1024n;
  return `${value}${binarySuffix[step]}`;
}

function inDecimal(nanos: bigint, exponents: boolean): string {
  if (nanos === 0n) return '0';
  let power = -9;
  for (; nanos % 1000n === 0n && power < 18; power += 3) nanos /= 1000n;
  if (!exponents) return `${nanos}${decimalSuffix.get(power)}`;
  return power === 0 ? String(nanos) : `${nanos}e${power}`;
}
