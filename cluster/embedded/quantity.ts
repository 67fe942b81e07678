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
  if (!match) {
    throw new RangeError(`"${text}" is not a quantity; write a number with one of ${suffixes.join(' ')}`);
  }
  const [, number, exponent, suffix = ''] = match;
  const power = exponent ?? `e${decimal[suffix] ?? 0}`;
  return Number(number + power) * 2 ** (binary[suffix] ?? 0);
}
