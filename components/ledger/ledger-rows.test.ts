import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerRows } from './ledger-rows.ts';

test('what must never happen is marked bad from the first time on', () => {
  const ledger = {
    since: 0,
    countedAt: 0,
    accepted: 10,
    failed: 2,
    chargedOnce: 9,
    chargedTwice: 1,
    acceptedNeverCharged: 0,
    chargedNeverAccepted: 0,
    inDoubt: 0,
    toBePaid: 0,
    refunded: 0,
    mailsTwice: 1,
    oversold: 0,
  };
  const tones = new Map(ledgerRows(ledger).map(({ title, tone }) => [title, tone]));
  assert.equal(tones.get('Charged twice'), 'bad');
  assert.equal(tones.get('Oversold items'), 'good');
  assert.equal(tones.get('Mails sent twice'), 'bad');
  assert.equal(tones.get('Orders failed'), 'plain');
});
