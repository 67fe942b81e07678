import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryBudget } from './retry-budget.ts';

/** Of `calls` that all fail and would be repeated three times, how many attempts there are. */
function attempts(calls: number, budget: RetryBudget): number {
  let made = 0;
  for (let call = 0; call < calls; call += 1) {
    budget.deposit();
    made += 1;
    for (let repeat = 0; repeat < 3 && budget.withdraw(); repeat += 1) made += 1;
  }
  return made;
}

test('when all calls fail, load grows by the share and a small reserve', () => {
  assert.equal(attempts(1000, new RetryBudget(10)), 1000 + 100 + 9);
});

test('calls that fail now and then are all repeated', () => {
  const budget = new RetryBudget(10);
  for (let call = 1; call <= 1000; call += 1) {
    budget.deposit();
    if (call % 10 === 0) assert.ok(budget.withdraw(), `call ${call}`);
  }
});

test('what is not spent is not saved up beyond the reserve', () => {
  const budget = new RetryBudget(100);
  for (let call = 0; call < 1000; call += 1) budget.deposit();
  let burst = 0;
  while (budget.withdraw()) burst += 1;
  assert.equal(burst, 10);
});
