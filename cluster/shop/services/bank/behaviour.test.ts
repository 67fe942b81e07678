import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Behaviour, type BankFault } from './behaviour.ts';

function slow(id: string, percent: number, endsAt = 100): BankFault {
  return { id, fault: 'bank-slow', target: 'bank', parameters: { delayMs: 3_000, percent }, startedAt: 0, endsAt };
}

describe('the behaviour of the bank', () => {
  const everyday = { latencyMs: [10, 30] as [number, number], failurePercent: 1 };

  it('is a little slow and fails one call in a hundred', () => {
    const draws = [0.5, 0.009, 0.5, 0.011];
    const bank = new Behaviour(everyday, () => draws.shift()!);
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: true });
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: false });
  });

  it('delays the share of calls that a fault asks for, and counts them', () => {
    const draws = [0, 0.5, 0.59, 0, 0.5, 0.61];
    const bank = new Behaviour(
      everyday,
      () => draws.shift()!,
      () => 50,
    );
    bank.merge([slow('a', 60)]);
    assert.deepEqual(bank.next(), { latencyMs: 3_010, fails: false });
    assert.deepEqual(bank.next(), { latencyMs: 10, fails: false });
    assert.equal(bank.active()[0]?.delayed, 1);
  });

  it('ends each fault at its own time, without being told', () => {
    let now = 99;
    const bank = new Behaviour(
      everyday,
      () => 0.5,
      () => now,
    );
    bank.merge([slow('a', 100), slow('b', 100, 200)]);
    assert.equal(bank.next().latencyMs, 6_020);
    now = 100;
    assert.equal(bank.next().latencyMs, 3_020);
    assert.deepEqual(
      bank.active().map(({ id }) => id),
      ['b'],
    );
    bank.end('b');
    assert.equal(bank.next().latencyMs, 20);
  });

  it('says what a fault has done when it is ended, also a while after it ended by itself', () => {
    let now = 0;
    const bank = new Behaviour(
      everyday,
      () => 0.5,
      () => now,
    );
    bank.merge([slow('a', 100)]);
    bank.next();
    now = 10_099;
    assert.deepEqual(bank.active(), []);
    assert.equal(bank.end('a')?.delayed, 1);
    assert.equal(bank.end('a'), null);
    bank.merge([slow('a', 100)]);
    now = 10_100;
    bank.next();
    assert.equal(bank.end('a'), null);
  });

  it('keeps what a fault has done when its lease is renewed', () => {
    const bank = new Behaviour(
      everyday,
      () => 0.5,
      () => 0,
    );
    bank.merge([slow('a', 100)]);
    bank.next();
    bank.merge([slow('a', 100, 500)]);
    assert.deepEqual(
      bank.active().map(({ delayed, endsAt }) => [delayed, endsAt]),
      [[1, 500]],
    );
  });
});
