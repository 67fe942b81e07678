import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Behaviour, type BankFault, type FaultCounts } from './behaviour.ts';

function slow(percent: number, remainingMs = 100): BankFault {
  return { behaviour: 'slow', parameters: { delayMs: 3_000, percent }, remainingMs };
}

describe('the behaviour of the bank', () => {
  const everyday = { latencyMs: [10, 30] as [number, number], failurePercent: 1 };
  const bankAt = (now: () => number, random: () => number = () => 0.5) => new Behaviour(everyday, random, now);

  it('is a little slow and fails one call in a hundred', () => {
    const draws = [0.5, 0.009, 0.5, 0.011];
    const bank = bankAt(
      () => 0,
      () => draws.shift()!,
    );
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: true });
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: false });
  });

  it('delays the share of calls that a fault asks for, and counts them', () => {
    const draws = [0, 0.5, 0.59, 0, 0.5, 0.61];
    const bank = bankAt(
      () => 50,
      () => draws.shift()!,
    );
    bank.begin('a', slow(60));
    assert.deepEqual(bank.next(), { latencyMs: 3_010, fails: false });
    assert.deepEqual(bank.next(), { latencyMs: 10, fails: false });
    assert.equal(bank.active()[0]?.delayed, 1);
  });

  it('ends each fault when its lease is over, without being told', () => {
    let now = 5;
    const bank = bankAt(() => now);
    bank.begin('a', slow(100, 100));
    bank.begin('b', slow(100, 200));
    now = 104;
    assert.equal(bank.next().latencyMs, 6_020);
    now = 105;
    assert.equal(bank.next().latencyMs, 3_020);
    assert.deepEqual(
      bank.active().map(({ id, remainingMs }) => [id, remainingMs]),
      [['b', 100]],
    );
    bank.end('b');
    assert.equal(bank.next().latencyMs, 20);
  });

  it('keeps the lease it has when it is told again', () => {
    let now = 0;
    const bank = bankAt(() => now);
    bank.begin('a', slow(100, 100));
    bank.next();
    now = 50;
    bank.begin('a', slow(100, 600_000));
    assert.deepEqual(
      bank.active().map(({ delayed, remainingMs }) => [delayed, remainingMs]),
      [[1, 50]],
    );
  });

  it('says what a fault has done when it is ended, and does not begin it again', () => {
    const bank = bankAt(() => 0);
    bank.begin('a', slow(100));
    bank.next();
    assert.equal(bank.end('a')?.delayed, 1);
    assert.equal(bank.end('a'), null);
    bank.begin('a', slow(100));
    bank.end('never heard of');
    bank.begin('never heard of', slow(100));
    assert.deepEqual(bank.active(), []);
  });

  it('tells who follows a fault each count, and that it is over', () => {
    const bank = bankAt(() => 0);
    const told: (number | null)[] = [];
    const note = (counts: FaultCounts | null) => void told.push(counts && counts.delayed);
    bank.begin('a', slow(100));
    bank.follow('a', note);
    bank.next();
    bank.end('a');
    assert.deepEqual(told, [0, 1, 1, null]);
    bank.follow('a', note);
    assert.equal(told.at(-1), null);
  });
});
