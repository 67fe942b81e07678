import assert from 'node:assert/strict';
import { test } from 'node:test';
import { share } from './share.ts';

test('an equal value keeps the old reference', () => {
  const before = { services: [{ name: 'bank', rate: 1 }] };
  assert.equal(share(before, structuredClone(before)), before);
});

test('only the changed member of a list is new, wherever it moved', () => {
  const bank = { name: 'bank', rate: 1 };
  const orders = { name: 'orders', rate: 2 };
  const after = share([bank, orders], [{ name: 'orders', rate: 3 }, { ...bank }]);
  assert.deepEqual(after, [{ name: 'orders', rate: 3 }, bank]);
  assert.equal(after[1], bank);
  assert.notEqual(after[0], orders);
});

test('a list that lost its last member is another list', () => {
  const before = [{ id: 'a' }, { id: 'b' }];
  const after = share(before, [{ id: 'a' }]);
  assert.equal(after.length, 1);
  assert.equal(after[0], before[0]);
});

test('a member that went away is not kept', () => {
  assert.deepEqual(share({ a: 1, b: undefined }, { a: 1 } as object), { a: 1 });
  assert.deepEqual(share({ breaker: { state: 'open' } }, { breaker: null } as object), { breaker: null });
});
