import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnFaults } from '../../service/own-faults.ts';
import { Behaviour, type BankFault } from './behaviour.ts';

const slow = (percent: number): BankFault => {
  return { behaviour: 'slow', parameters: { delayMs: 3_000, percent }, remainingMs: 10_000 };
};
const failing: BankFault = { behaviour: 'failing', parameters: { percent: 100 }, remainingMs: 10_000 };

describe('the behaviour of the bank', () => {
  const everyday = { latencyMs: [10, 30] as [number, number], failurePercent: 1 };

  it('is a little slow and fails one call in a hundred', () => {
    const draws = [0.5, 0.009, 0.5, 0.011];
    const bank = new Behaviour(everyday, new OwnFaults(), () => draws.shift()!);
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: true });
    assert.deepEqual(bank.next(), { latencyMs: 20, fails: false });
  });

  it('delays the share of calls that a fault asks for, and counts them', () => {
    const draws = [0, 0.5, 0.59, 0, 0.5, 0.61];
    const faults = new OwnFaults<BankFault>();
    const bank = new Behaviour(everyday, faults, () => draws.shift()!);
    faults.begin('a', slow(60));
    assert.deepEqual(bank.next(), { latencyMs: 3_010, fails: false });
    assert.deepEqual(bank.next(), { latencyMs: 10, fails: false });
    assert.equal(faults.active()[0]?.delayed, 1);
  });

  it('adds up what several faults ask for, until they end', () => {
    const faults = new OwnFaults<BankFault>();
    const bank = new Behaviour(everyday, faults, () => 0.5);
    faults.begin('a', slow(100));
    faults.begin('b', slow(100));
    faults.begin('c', failing);
    assert.deepEqual(bank.next(), { latencyMs: 6_020, fails: true });
    assert.deepEqual(faults.end('c')?.failed, 1);
    faults.end('a');
    assert.deepEqual(bank.next(), { latencyMs: 3_020, fails: false });
  });
});
