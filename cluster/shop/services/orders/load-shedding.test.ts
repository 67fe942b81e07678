import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Failure } from '../../service/failure.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { loadShedding } from './load-shedding.ts';

const places = 8;
const checkoutMs = 250;
/** Customers who do not wait for each other, and leave after so long. */
const patienceMs = 600;
const forMs = 10_000;

/** Orders that customers had in time, of so many a second. */
async function goodput(t: TestContext, rate: number, most: number): Promise<{ inTime: number; turnedAway: number }> {
  const line = new WaitingLine(places);
  const shed = loadShedding(line, most);
  let [inTime, turnedAway, now] = [0, 0, 0];
  const checkout = () => new Promise<void>((resolve) => setTimeout(resolve, checkoutMs));
  const customer = async () => {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(new Error('left')), patienceMs);
    const since = now;
    try {
      shed();
      await line.run(checkout, leaving.signal);
      if (now - since <= patienceMs) inTime += 1;
    } catch (error) {
      if (error instanceof Failure && error.retryAfter === 1) turnedAway += 1;
    }
  };
  for (; now < forMs; now += 10) {
    if (now % (1000 / rate) === 0) void customer();
    t.mock.timers.tick(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { inTime, turnedAway };
}

test('at four times the load goodput stays with shedding, and collapses without', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const usual = await goodput(t, 25, 0);
  const flooded = await goodput(t, 100, 0);
  const shedding = await goodput(t, 100, 2);
  assert.ok(usual.inTime > 0.97 * 25 * (forMs / 1000) && usual.turnedAway === 0);
  assert.ok(flooded.inTime < 0.1 * usual.inTime, `${flooded.inTime} of ${usual.inTime}`);
  assert.ok(shedding.inTime > usual.inTime, `${shedding.inTime} of ${usual.inTime}`);
  assert.ok(shedding.turnedAway > 0);
});
