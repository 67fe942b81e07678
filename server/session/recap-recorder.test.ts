import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circuitBreaker } from '../../labs/04-circuit-breaker/lab.ts';
import { DrivenShop } from '../../labs/04-circuit-breaker/testing/driven-shop.ts';
import { LabSession } from './lab-session.ts';

/** A run of a lab of its last step alone, which is done by reading the recap. */
async function begun() {
  const shop = new DrivenShop();
  const last = circuitBreaker.steps.at(-1)!;
  const steps = [{ ...last, checks: last.checks.filter(({ id }) => id === 'recap-read') }];
  const session = new LabSession({ ...circuitBreaker, steps }, shop, () => shop.now);
  await session.start();
  await shop.load.set(4);
  shop.seconds(5, () => session.tick());
  return { shop, session, chart: () => session.view().recap!.chart };
}

test('the chart ends when the lab is done, and goes on from then when its step is done once more', async () => {
  const { shop, session, chart } = await begun();
  session.record({ type: 'recap-read' });
  assert.equal(session.view().steps[0]!.state, 'done');
  const plotted = chart().length;
  assert.ok(plotted >= 4);
  shop.seconds(60, () => session.tick());
  assert.equal(chart().length, plotted);
  await session.resetStep();
  shop.seconds(5, () => session.tick());
  assert.ok(chart().length <= plotted + 6, `${chart().length}, without what was between`);
  assert.ok(chart().length >= plotted + 4);
});

test('the chart of a long run keeps its beginning, and has no more points', async () => {
  const { shop, session, chart } = await begun();
  const first = chart()[0]!.t;
  for (let second = 0; second < 2 * 3600; second++) {
    shop.now += 1000;
    session.tick();
    assert.ok(chart().length <= 1800);
  }
  assert.equal(chart()[0]!.t, first);
  assert.ok(chart().length > 900);
  assert.ok(chart().at(-1)!.t >= shop.now / 1000 - 2);
});
