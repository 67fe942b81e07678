const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A decimal number, then an exponent, a suffix or neither: `1E3` is a thousand, `1E` is 10^18. */
const GRAMMAR = new RegExp(
  `^([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))(?:([eE][+-]?\\d+)|(${Object.keys(factors).join('|')}))?$`,
);

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
    throw new RangeError(`"${text}" is not a quantity; write a number with one of ${Object.keys(factors).join(' ')}`);
  }
  const [, number, exponent = '', suffix] = match;
  return Number(number + exponent) * (suffix ? factors[suffix]! : 1);
}
