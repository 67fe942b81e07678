import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { Arrivals } from './arrivals.ts';

describe('the arrivals of customers', () => {
  /** Arrivals on a clock that the test turns; `stall` passes time in which nothing runs. */
  function onTestClock(rate: number, latestMs = 10_000) {
    mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const due: number[] = [];
    let missed = 0;
    const arrivals = new Arrivals({
      rate,
      latestMs,
      arrive: (intended) => due.push(intended),
      missed: (count) => (missed += count),
      now: () => now,
    });
    arrivals.start();
    return {
      arrivals,
      due,
      missed: () => missed,
      pass(ms: number) {
        for (let passed = 0; passed < ms; passed += 1) {
          now += 1;
          mock.timers.tick(1);
        }
      },
      stall(ms: number) {
        now += ms;
        mock.timers.tick(ms);
      },
      [Symbol.dispose]: () => mock.timers.reset(),
    };
  }

  it('come at exactly the rate, whatever becomes of those before', () => {
    using clock = onTestClock(60);
    clock.pass(2_000);
    assert.equal(clock.due.length, 120);
    assert.ok(Math.abs(clock.due[59]! - 1_000) < 1e-6);
  });

  it('are made up for after a stall, each with the time it was due', () => {
    using clock = onTestClock(100);
    clock.stall(1_000);
    assert.equal(clock.due.length, 100);
    assert.deepEqual(clock.due.slice(0, 3), [10, 20, 30]);
  });

  it('are left out and counted where nobody would wait that long', () => {
    using clock = onTestClock(10, 500);
    clock.stall(2_000);
    assert.equal(clock.due.length + clock.missed(), 20);
    assert.ok(clock.due.every((due) => due >= 1_500));
  });

  it('do not begin again once they have been stopped', () => {
    using clock = onTestClock(10);
    clock.arrivals.stop();
    clock.arrivals.start();
    clock.arrivals.rate = 20;
    clock.pass(1_000);
    assert.deepEqual(clock.due, []);
  });

  it('follow a new rate at once, and stop at 0', () => {
    using clock = onTestClock(1);
    clock.arrivals.rate = 500;
    clock.pass(100);
    assert.equal(clock.due.length, 50);
    clock.arrivals.rate = 0;
    clock.pass(1_000);
    assert.equal(clock.due.length, 50);
  });
});
