import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costTable, type Measured } from './cost-table.ts';

const window = (cpuMsPerOrder: number, p50: number, megabytes: number): Measured => ({ cpuMsPerOrder, p50, megabytes });

test('a row has the mean without the pattern, what it is with it, and the difference', () => {
  const table = costTable([
    {
      ...{ what: 'Outbox: on', given: 'checkout events', switchedMs: 1_234 },
      ...{ without: [window(10, 4, 500), window(12, 6, 504)], with: [window(13.5, 4.5, 540)] },
    },
  ]);
  assert.equal(
    table.split('\n').at(-1),
    '| Outbox: on (with checkout events) | 11.0 → 13.5 (+2.50) | 5.00 → 4.50 (−0.50) | 502 → 540 (+38.0) | 1 234 ms | 1 |',
  );
});
