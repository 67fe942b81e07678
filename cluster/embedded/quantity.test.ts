import { equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode } from './kinds/schema/schema.ts';
import { canonicalQuantity, milliValue, parseQuantity, wholeValue } from './quantity.ts';

const asMemory = (memory: string) =>
  decode({ limits: { memory } }, 'io.k8s.api.core.v1.ResourceRequirements').value as { limits: { memory: string } };

describe('a quantity', () => {
  const good: [string, number][] = [
    ['2', 2],
    ['.5', 0.5],
    ['1.', 1],
    ['-3', -3],
    ['250m', 0.25],
    ['100u', 1e-4],
    ['5n', 5e-9],
    ['3k', 3000],
    ['1M', 1e6],
    ['1G', 1e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1E3', 1000],
    ['12e-1', 1.2],
    ['1Ki', 1024],
    ['64Mi', 67108864],
    ['1.5Gi', 1610612736],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['2Ei', 2 ** 61],
  ];
  for (const [text, number] of good) {
    it(`can be ${text}, for the API and for those who count with it`, () => {
      equal(parseQuantity(asMemory(text).limits.memory), number);
      equal(parseQuantity(text), number);
    });
  }

  const canonical: [string, string][] = [
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1000', '1k'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['512', '512'],
    ['0.5Ki', '512'],
    ['134217728', '134217728'],
    ['1e3', '1e3'],
    ['12e-1', '1200e-3'],
    ['-0.5', '-500m'],
    ['0Mi', '0'],
    ['0.1n', '1n'],
  ];
  for (const [text, written] of canonical) {
    it(`${text} is written as ${written}`, () => equal(canonicalQuantity(text), written));
  }

  for (const text of ['', 'm', '1ki', '1K', '1.2.3', '1e3Mi', '1 Gi', '1constructor', '0x10', '1e']) {
    it(`cannot be "${text}", for either`, () => {
      throws(() => asMemory(text), { code: 'SchemaMismatch', message: /quantity/ });
      throws(() => parseQuantity(text), { name: 'RangeError', message: /is not a quantity/ });
    });
  }

  const whole: [string, number, number][] = [
    ['100m', 100, 1],
    ['0.1', 100, 1],
    ['2', 2000, 2],
    ['1500u', 2, 1],
    ['1Ki', 1024000, 1024],
    ['1.5Gi', 1610612736000, 1610612736],
    ['-1500m', -1500, -2],
  ];
  for (const [text, thousandths, ones] of whole) {
    it(`${text} counts as ${thousandths} thousandths, and as ${ones} whole`, () => {
      equal(milliValue(text), thousandths);
      equal(wholeValue(text), ones);
    });
  }
});
