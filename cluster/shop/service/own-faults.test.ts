import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnFaults, type OwnFaultCounts } from './own-faults.ts';

const fault = (remainingMs: number) => ({ behaviour: 'slow', remainingMs });
const countAll = (faults: OwnFaults<{ behaviour: string; remainingMs: number }>) => {
  for (const { count } of faults.acting()) count('delayed');
};

describe('faults that a process carries out itself', () => {
  it('ends each when its lease is over, without being told', () => {
    let now = 5;
    const faults = new OwnFaults({ now: () => now });
    faults.begin('a', fault(100));
    faults.begin('b', fault(200));
    now = 104;
    assert.equal([...faults.acting()].length, 2);
    now = 105;
    assert.deepEqual(
      faults.active().map(({ id, remainingMs }) => [id, remainingMs]),
      [['b', 100]],
    );
    faults.end('b');
    assert.equal([...faults.acting()].length, 0);
  });

  it('keeps the lease it has when it is told again', () => {
    let now = 0;
    const faults = new OwnFaults({ now: () => now });
    faults.begin('a', fault(100));
    countAll(faults);
    now = 50;
    faults.begin('a', fault(600_000));
    assert.deepEqual(
      faults.active().map(({ delayed, remainingMs }) => [delayed, remainingMs]),
      [[1, 50]],
    );
  });

  it('says what a fault has done when it is ended, and does not begin it again', () => {
    const faults = new OwnFaults();
    faults.begin('a', fault(10_000));
    countAll(faults);
    assert.equal(faults.end('a')?.delayed, 1);
    assert.equal(faults.end('a'), null);
    faults.begin('a', fault(10_000));
    faults.end('never heard of');
    faults.begin('never heard of', fault(10_000));
    assert.deepEqual(faults.active(), []);
  });

  it('tells who follows a fault each count, and that it is over', () => {
    const faults = new OwnFaults();
    const told: (number | null)[] = [];
    const note = (counts: OwnFaultCounts | null) => void told.push(counts && counts.delayed);
    faults.begin('a', fault(10_000));
    faults.follow('a', note);
    countAll(faults);
    faults.end('a');
    assert.deepEqual(told, [0, 1, 1, null]);
    faults.follow('a', note);
    assert.equal(told.at(-1), null);
  });

  it('says that one has begun, and that it has ended by itself', async () => {
    const changes: number[] = [];
    const ended = new Promise<void>((resolve) => {
      const faults: OwnFaults<ReturnType<typeof fault>> = new OwnFaults({
        changed: () => {
          changes.push(faults.active().length);
          if (changes.length === 2) resolve();
        },
      });
      faults.begin('a', fault(5));
    });
    // Its timer keeps no process alive.
    const alive = setInterval(() => {}, 1_000);
    await ended;
    clearInterval(alive);
    assert.deepEqual(changes, [1, 0]);
  });
});
