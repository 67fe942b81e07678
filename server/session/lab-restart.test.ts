import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { circuitBreaker } from '../../labs/04-circuit-breaker/lab.ts';
import { LabDesk } from './lab-desk.ts';
import { RunFiles } from './run-files.ts';
import { DrivenShop } from '../../labs/04-circuit-breaker/testing/driven-shop.ts';

const lab = '04-circuit-breaker';
const ada = 'ada-ada-ada-ada-ada-ad';
let home: string;
let path: string;
let problems: Error[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-run-'));
  path = join(home, `${ada}.json`);
  problems = [];
});
afterEach(() => rmSync(home, { recursive: true }));

/** A lab server that starts on the folder. */
function open(shop: DrivenShop, labs = [circuitBreaker]): LabDesk {
  shop.restartServer();
  const files = new RunFiles(home, (error) => problems.push(error as Error));
  return new LabDesk(shop, { now: () => shop.now, files, labs });
}

test('a run goes on at its step, with its numbers, after the server was restarted', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const shop = new DrivenShop();
  const seconds = (count: number) => shop.seconds(count, () => t.mock.timers.tick(250));
  const first = open(shop);
  first.begin();
  await first.start(ada, lab);
  await first.hint(ada, lab);
  await shop.load.set(60);
  seconds(8);
  const order = shop.telemetry.traces().find(({ name }) => name === 'POST /api/orders')!;
  await first.record(ada, lab, { type: 'trace-opened', traceId: order.traceId });
  seconds(20);
  await first.step(ada, lab, 1);
  await first.predict(ada, lab, 'payments');
  seconds(5);
  const before = first.current(ada)!;
  assert.deepEqual(
    before.steps.slice(0, 3).map(({ state }) => state),
    ['done', 'current', 'locked'],
  );
  first.close();
  const saved = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(saved.recap.chart.length > 20 && saved.recap.rows[0].seconds > 10 && saved.observed.baseline.customer.p95);

  const second = open(shop);
  assert.deepEqual(second.current(ada), before);
  second.close();
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), saved);

  const third = open(shop);
  third.begin();
  third.current(ada); // the page comes back
  await shop.faults.start({ kind: 'bank-slow', target: 'bank', duration: 900 });
  seconds(20);
  const { steps, prediction } = third.current(ada)!;
  assert.equal(steps[1]?.state, 'done');
  assert.match(prediction!.outcome!.measured, /from 12 ms to 3\.9 s/, 'the baseline is from before the restarts');
  assert.deepEqual(problems, []);
  third.close();
});

test('what the learner does or reaches is saved at once, and measurements every 15 s: a kill loses no more', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const shop = new DrivenShop();
  const seconds = (count: number) => shop.seconds(count, () => t.mock.timers.tick(250));
  const killed = open(shop);
  killed.begin();
  await killed.start(ada, lab);
  const writes = t.mock.method(RunFiles.prototype, 'write');
  await killed.hint(ada, lab);
  const saved = () => JSON.parse(readFileSync(path, 'utf8'));
  assert.deepEqual([writes.mock.callCount(), saved().steps[0].hints], [1, 1]);
  shop.seconds(60, () => {
    killed.current(ada); // a page is open
    t.mock.timers.tick(250);
  });
  assert.equal(writes.mock.callCount(), 5);
  assert.ok(saved().recap.chart.length > 55);
  await shop.load.set(60);
  seconds(0.25);
  assert.equal(saved().load, 60);
  for (let i = 0; i < 120 && killed.current(ada)!.checks[1]!.state !== 'met'; i++) seconds(0.25);
  assert.notEqual(saved().steps[0].checks[1].metFrom, null);
});

test('a run that was left long ago goes on, and nothing is done to the shop for it', async () => {
  const shop = new DrivenShop();
  const desk = open(shop);
  await desk.start(ada, lab);
  await shop.load.set(60);
  desk.close();
  shop.restartProduct();
  shop.now += 5 * 60_000 + 1;
  assert.equal(open(shop).current(ada)?.lab, lab);
  assert.equal(shop.load.view().rate, 50);
  assert.deepEqual(problems, []);
});

test('files of runs are bounded: the old ones go, and of too many the oldest', () => {
  const files = new RunFiles(home, (error) => problems.push(error as Error));
  const record = { lab, startedAt: 1, savedAt: 1, load: 0, step: 0, steps: [] };
  const empty = { lastFaultAt: 0, changes: [], openedTraces: [], events: [], baseline: null };
  for (let i = 0; i < 203; i++) {
    files.write(`p${i}`, { ...record, observed: empty, recap: { rows: [], chart: [], moments: [] } });
    const age = i < 2 ? 8 * 86_400 : 203 - i;
    utimesSync(join(home, `p${i}.json`), Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  files.sweep();
  assert.deepEqual([readdirSync(home).length, files.read('p2'), files.read('p3')?.lab], [200, null, lab]);
  assert.deepEqual(problems, []);
});

test('after a restart of all of the product the load is the run’s again', async () => {
  const shop = new DrivenShop();
  const desk = open(shop);
  await desk.start(ada, lab);
  await shop.load.set(80);
  desk.close();
  shop.restartProduct();
  shop.now += 5 * 60_000;
  assert.equal(open(shop).current(ada)?.lab, lab);
  assert.equal(shop.load.view().rate, 80);
});

test('a restart is no change of the learner’s: a check that held before it waits for one still', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const step = circuitBreaker.steps[0]!;
  const labs = [{ ...circuitBreaker, steps: [{ ...step, start: { ...step.start, load: 60 } }] }];
  const shop = new DrivenShop();
  const seconds = (count: number) => shop.seconds(count, () => t.mock.timers.tick(250));
  const first = open(shop, labs);
  first.begin();
  seconds(10);
  await first.start(ada, lab);
  seconds(20);
  first.close();
  shop.restartProduct();
  const desk = open(shop, labs);
  desk.begin();
  desk.current(ada); // the page comes back
  const baseline = () => desk.current(ada)!.checks.find(({ id }) => id === 'baseline')!;
  for (let i = 0; i < 4 * 60; i++) {
    desk.current(ada);
    // Nothing is reported at first: the shop is still starting.
    if (i < 60) shop.now += 250;
    else shop.advance();
    t.mock.timers.tick(250);
    assert.deepEqual([baseline().state, baseline().alreadyHeld], ['pending', true], `${i / 4} s`);
    if (i < 60) assert.match(baseline().detail, /restarted, waiting for 10 s of measurements/);
  }
  assert.match(baseline().detail, /30 ms now/);
  await shop.load.set(80);
  seconds(11);
  assert.equal(baseline().state, 'met');
  desk.close();
});

for (const [what, content] of [
  ['is broken', '{"lab": "04-cir'],
  ['is not ours', '{"lab": "04-circuit-breaker", "player": 1}'],
  [
    'is of a lab that is not here',
    JSON.stringify({
      ...{ lab: '99-nothing', startedAt: 1, savedAt: new DrivenShop().now, load: 0, step: 0, steps: [] },
      observed: { lastFaultAt: 0, changes: [], openedTraces: [], events: [], baseline: null },
      recap: { rows: [], chart: [], moments: [] },
    }),
  ],
] as const) {
  test(`a file that ${what} is set aside with a line in the log, and labs start as ever`, async () => {
    writeFileSync(path, content);
    const shop = new DrivenShop();
    const desk = open(shop);
    assert.equal(desk.current(ada), null);
    assert.equal(readFileSync(`${path}.aside`, 'utf8'), content);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.message, /ada-.*\.json .*moved to .*\.aside/);
    await desk.start(ada, lab);
    desk.close();
    assert.equal(open(shop).current(ada)?.lab, lab);
    assert.deepEqual(readdirSync(home).sort(), [`${ada}.json`, `${ada}.json.aside`]);
  });
}

test('a run whose start was never reached is not gone on with', async () => {
  const shop = new DrivenShop();
  shop.load.set = () => Promise.reject(new Error('loadgen is away'));
  const desk = open(shop);
  await assert.rejects(desk.start(ada, lab), /loadgen is away/);
  desk.close();
  assert.equal(open(shop).current(ada), null);
  assert.deepEqual(problems, []);
});
