import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstIdSince } from './order-id.ts';
import { Tally } from './tally.ts';

const start = 1_700_000_000_000;
const none = {
  accepted: 0,
  failed: 0,
  chargedOnce: 0,
  chargedTwice: 0,
  acceptedNeverCharged: 0,
  chargedNeverAccepted: 0,
};

test('an accepted order with one charge is charged once', () => {
  const tally = new Tally();
  tally.decided('a', 'accepted', start);
  tally.charged('a', 'charge-1', start);
  assert.deepEqual(tally.counts(start), { ...none, accepted: 1, chargedOnce: 1 });
});

test('what is read twice counts once', () => {
  const tally = new Tally();
  for (let reading = 0; reading < 2; reading += 1) {
    tally.decided('a', 'accepted', start + reading);
    tally.charged('a', 'charge-1', start + reading);
  }
  assert.deepEqual(tally.counts(start + 2), { ...none, accepted: 1, chargedOnce: 1 });
});

test('a second charge is the customer charged twice, whatever became of the order', () => {
  const tally = new Tally();
  for (const order of ['accepted', 'failed'] as const) {
    tally.charged(order, `${order}-1`, start);
    tally.charged(order, `${order}-2`, start);
    tally.decided(order, order, start);
  }
  const expected = { ...none, accepted: 1, failed: 1, chargedTwice: 2, chargedNeverAccepted: 1 };
  assert.deepEqual(tally.counts(start), expected);
});

test('an accepted order without a charge is never charged', () => {
  const tally = new Tally();
  tally.decided('a', 'accepted', start);
  assert.deepEqual(tally.counts(start), { ...none, accepted: 1, acceptedNeverCharged: 1 });
});

test('a charge of an undecided order is a loss only after half a minute', () => {
  const tally = new Tally();
  tally.charged('a', 'charge-1', start);
  assert.deepEqual(tally.counts(start + 29_999), none);
  assert.deepEqual(tally.counts(start + 30_000), { ...none, chargedNeverAccepted: 1 });
  tally.decided('a', 'accepted', start + 31_000);
  assert.deepEqual(tally.counts(start + 31_000), { ...none, accepted: 1, chargedOnce: 1 });
});

test('settled orders stay counted after they are folded into the totals', () => {
  const tally = new Tally();
  tally.decided('a', 'accepted', start);
  tally.charged('a', 'charge-1', start);
  for (const minutes of [1, 3, 10, 60]) {
    assert.deepEqual(tally.counts(start + minutes * 60_000), { ...none, accepted: 1, chargedOnce: 1 });
  }
});

test('ids of orders made at or after a moment are not below the first id of that moment', () => {
  const idAt = (time: number) => {
    const hex = time.toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7123-9abc-0123456789ab`;
  };
  assert.ok(idAt(start) >= firstIdSince(start));
  assert.ok(idAt(start - 1) < firstIdSince(start));
});
