import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode } from './kinds/schema/schema.ts';
import { parseQuantity } from './quantity.ts';

const asMemory = (memory: string) => decode({ limits: { memory } }, 'V1ResourceRequirements').value;

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
      deepEqual(asMemory(text), { limits: { memory: text } });
      equal(parseQuantity(text), number);
    });
  }

  for (const text of ['', 'm', '1ki', '1K', '1.2.3', '1e3Mi', '1 Gi', '1constructor', '0x10', '1e']) {
    it(`cannot be "${text}", for either`, () => {
      throws(() => asMemory(text), { code: 'SchemaMismatch', message: /quantity/ });
      throws(() => parseQuantity(text), { name: 'RangeError', message: /is not a quantity/ });
    });
  }
});
