const factors: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number: `250m` is 0.25, `64Mi` is 67108864. Throws RangeError on anything else. */
export function parseQuantity(text: string | number): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(String(text));
  const factor = match && factors[match[2]!];
  if (!match || factor === undefined || factor === null) {
    throw new RangeError(`"${text}" is not a quantity; write a number with one of ${Object.keys(factors).join(' ')}`);
  }
  return Number(match[1]) * factor;
}
