import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDoubtAfterMs, nothing, overdueAfterMs } from './fold.ts';
import { firstIdSince, isOrderId, timeOf } from './order-id.ts';
import { settledAfterMs, Tally } from './tally.ts';

const start = 1_700_000_000_000;
/** An order made so many ms after the start. */
const idAt = (ms: number) => firstIdSince(start + ms).replace('000000000000', '0123456789ab');
const a = idAt(0);

test('an accepted order with one charge is charged once', () => {
  const tally = new Tally(start);
  tally.order(a, 'accepted');
  tally.charge(a);
  assert.deepEqual(tally.counts(start), { ...nothing, accepted: 1, chargedOnce: 1 });
});

test('a second charge is the customer charged twice, whatever became of the order', () => {
  for (const status of ['accepted', 'failed', 'pending'] as const) {
    const tally = new Tally(start);
    tally.charge(a);
    tally.charge(a);
    tally.order(a, status);
    assert.equal(tally.counts(start).chargedTwice, 1, status);
  }
});

test('an accepted order without a charge is never charged, a failed one with a charge never accepted', () => {
  const tally = new Tally(start);
  tally.order(a, 'accepted');
  tally.order(idAt(1), 'failed');
  tally.charge(idAt(1));
  const expected = { ...nothing, accepted: 1, failed: 1, acceptedNeverCharged: 1, chargedNeverAccepted: 1 };
  assert.deepEqual(tally.counts(start), expected);
});

test('an undecided order is in doubt after half a minute, charged or not, until it is decided', () => {
  const tally = new Tally(start);
  tally.order(a, 'pending');
  tally.charge(a);
  assert.deepEqual(tally.counts(start + inDoubtAfterMs - 1), nothing);
  for (const hours of [1, 1000]) {
    assert.deepEqual(tally.counts(start + hours * 3_600_000), { ...nothing, inDoubt: 1 });
  }
  tally.order(a, 'accepted');
  assert.deepEqual(tally.counts(start + 3_600_000), { ...nothing, accepted: 1, chargedOnce: 1 });
});

test('an order that was accepted unpaid is to be paid, and never charged after a minute, until it is charged', () => {
  const tally = new Tally(start);
  tally.order(a, 'to-be-paid');
  assert.deepEqual(tally.counts(start + overdueAfterMs - 1), { ...nothing, accepted: 1, toBePaid: 1 });
  for (const hours of [1, 1000]) {
    const late = start + hours * 3_600_000;
    assert.deepEqual(tally.counts(late), { ...nothing, accepted: 1, acceptedNeverCharged: 1 });
  }
  tally.charge(a);
  assert.deepEqual(tally.counts(start), { ...nothing, accepted: 1, chargedOnce: 1 });
});

test('a settled order stays counted, and news of it corrects the count', () => {
  const tally = new Tally(start);
  tally.order(a, 'accepted');
  tally.charge(a);
  assert.equal(tally.hasForgotten(a, start + settledAfterMs), false);
  const later = start + settledAfterMs;
  assert.deepEqual(tally.counts(later), { ...nothing, accepted: 1, chargedOnce: 1 });
  assert.equal(tally.hasForgotten(a, later), true);
  tally.recall(a, { status: 'accepted', charges: 1, refunds: 0 });
  tally.charge(a);
  assert.deepEqual(tally.counts(later), { ...nothing, accepted: 1, chargedTwice: 1 });
});

test('orders made before the moment do not count', () => {
  const tally = new Tally(start + 1);
  tally.order(a, 'accepted');
  tally.charge(a);
  assert.equal(tally.hasForgotten(a, start + settledAfterMs), false);
  tally.recall(a, { status: 'accepted', charges: 1, refunds: 0 });
  assert.deepEqual(tally.counts(start), nothing);
});

test('ids of orders made at or after a moment are not below the first id of that moment', () => {
  assert.ok(idAt(0) >= firstIdSince(start));
  assert.ok(idAt(-1) < firstIdSince(start));
  assert.equal(timeOf(idAt(5)), start + 5);
  assert.ok(isOrderId('018bcfe5-6800-7000-8000-0123456789ab'));
  assert.ok(!isOrderId('rent for May'));
});
