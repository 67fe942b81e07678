import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from '../../server/contract/ledger.ts';
import { ledgerRows, wrongRows } from './ledger-rows.ts';

const zero: Ledger = {
  ...{ since: 0, countedAt: 0, accepted: 0, failed: 0, chargedOnce: 0, chargedTwice: 0, toBePaid: 0 },
  ...{ acceptedNeverCharged: 0, chargedNeverAccepted: 0, refunded: 0, inDoubt: 0, mailsTwice: 0, oversold: 0 },
};
const wrong = (ledger: Partial<Ledger>) => wrongRows(ledgerRows({ ...zero, ...ledger })).map(({ title }) => title);

test('of what must never happen the most comes first, and what may happen is not among it', () => {
  assert.deepEqual(wrong({ failed: 90, toBePaid: 4, refunded: 2 }), []);
  assert.deepEqual(wrong({ failed: 90, oversold: 2, chargedTwice: 7 }), ['Charged twice', 'Oversold items']);
});

test('what must never happen is marked bad from the first time on', () => {
  const rows = ledgerRows({ ...zero, accepted: 10, failed: 2, chargedOnce: 9, chargedTwice: 1, mailsTwice: 1 });
  const tones = new Map(rows.map(({ title, tone }) => [title, tone]));
  assert.equal(tones.get('Charged twice'), 'bad');
  assert.equal(tones.get('Oversold items'), 'good');
  assert.equal(tones.get('Mails sent twice'), 'bad');
  assert.equal(tones.get('Orders failed'), 'plain');
});
