import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { LabDesk } from './lab-desk.ts';
import { RunFile } from './run-file.ts';
import { DrivenShop } from '../../labs/04-circuit-breaker/testing/driven-shop.ts';

const lab = '04-circuit-breaker';
let home: string;
let path: string;
let problems: Error[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-run-'));
  path = join(home, 'lab-run.json');
  problems = [];
});
afterEach(() => rmSync(home, { recursive: true }));

/** A lab server that starts on the folder. */
function open(shop: DrivenShop): LabDesk {
  shop.restartServer();
  const file = new RunFile(path, (error) => problems.push(error as Error));
  return new LabDesk(shop, { now: () => shop.now, file });
}

test('a run goes on at its step, with its numbers, after the server was restarted', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const shop = new DrivenShop();
  const seconds = (count: number) => shop.seconds(count, () => t.mock.timers.tick(250));
  const first = open(shop);
  first.begin();
  await first.start(lab);
  await first.hint(lab);
  await shop.load.set(60);
  seconds(8);
  const order = shop.telemetry.traces().find(({ name }) => name === 'POST /api/orders')!;
  await first.record(lab, { type: 'trace-opened', traceId: order.traceId });
  seconds(20);
  await first.step(lab, 1);
  await first.predict(lab, 'payments');
  seconds(5);
  const before = first.current()!;
  assert.deepEqual(
    before.steps.slice(0, 3).map(({ state }) => state),
    ['done', 'current', 'locked'],
  );
  first.close();
  const saved = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(saved.recap.chart.length > 20 && saved.recap.rows[0].seconds > 10 && saved.observed.baseline.gateway.p95);

  const second = open(shop);
  assert.deepEqual(second.current(), before);
  second.close();
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), saved);

  const third = open(shop);
  third.begin();
  await shop.faults.start({ kind: 'bank-slow', target: 'bank', duration: 900 });
  seconds(20);
  const { steps, prediction } = third.current()!;
  assert.equal(steps[1]?.state, 'done');
  assert.match(prediction!.outcome!.measured, /from 12 ms to 3\.9 s/, 'the baseline is from before the restarts');
  assert.deepEqual(problems, []);
  third.close();
});

test('what the learner does is saved at once, and measurements every second: a kill loses no more', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const shop = new DrivenShop();
  const killed = open(shop);
  killed.begin();
  await killed.start(lab);
  await killed.hint(lab);
  assert.equal(open(shop).current()?.hints.length, 1);
  shop.seconds(10, () => t.mock.timers.tick(250));
  assert.ok(JSON.parse(readFileSync(path, 'utf8')).recap.chart.length >= 8);
});

for (const [what, content] of [
  ['is broken', '{"lab": "04-cir'],
  ['is not ours', '{"lab": "04-circuit-breaker", "player": 1}'],
  [
    'is of a lab that is not here',
    JSON.stringify({
      ...{ lab: '99-nothing', startedAt: 1, step: 0, steps: [] },
      observed: { lastFaultAt: 0, changes: [], openedTraces: [], events: [], baseline: null },
      recap: { rows: [], chart: [], moments: [] },
    }),
  ],
] as const) {
  test(`a file that ${what} is set aside with a line in the log, and labs start as ever`, async () => {
    writeFileSync(path, content);
    const shop = new DrivenShop();
    const desk = open(shop);
    assert.equal(desk.current(), null);
    assert.equal(readFileSync(`${path}.broken`, 'utf8'), content);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.message, /lab-run\.json .*moved to .*\.broken/);
    await desk.start(lab);
    desk.close();
    assert.equal(open(shop).current()?.lab, lab);
    assert.deepEqual(readdirSync(home).sort(), ['lab-run.json', 'lab-run.json.broken']);
  });
}

test('a run whose start was never reached is not gone on with', async () => {
  const shop = new DrivenShop();
  shop.load.set = () => Promise.reject(new Error('loadgen is away'));
  const desk = open(shop);
  await assert.rejects(desk.start(lab), /loadgen is away/);
  desk.close();
  assert.equal(open(shop).current(), null);
  assert.deepEqual(problems, []);
});
