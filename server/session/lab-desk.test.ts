import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { shipped } from '../../labs/catalogue.ts';
import type { CodedError } from '../errors.ts';
import { LabDesk } from './lab-desk.ts';
import { LabShelf } from './lab-shelf.ts';
import { RunFiles } from './run-files.ts';
import { ShopInHand } from './testing/shop-in-hand.ts';

const labs = join(import.meta.dirname, '../../labs');
const lab = '04-circuit-breaker';
const [ada, bob] = ['ada-ada-ada-ada-ada-ad', 'bob-bob-bob-bob-bob-bo'];
let home: string;
let shop: ShopInHand;
let problems: Error[];
const shelf = await new LabShelf(labs).open();
const onProblem = (error: unknown) => void problems.push(error as Error);
const refused = (code: string) => (error: unknown) => (error as CodedError).code === code;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-runs-'));
  shop = new ShopInHand();
  problems = [];
});
afterEach(() => rmSync(home, { recursive: true }));

/** A lab server that starts on the folder. */
function open(on: LabShelf = shelf): LabDesk {
  return new LabDesk(shop, { now: () => shop.now, files: new RunFiles(home, onProblem), shelf: on, onProblem });
}

test('knows all labs, starts those that are here and refuses the others by code', async () => {
  const desk = open();
  assert.equal(desk.list().length, 15);
  assert.equal(desk.current(ada), null);
  assert.throws(() => desk.run(ada, lab), refused('no-lab-running'));
  await assert.rejects(desk.start(ada, '15-game-day'), refused('lab-refused'));
  await assert.rejects(desk.start(ada, '99-nothing'), refused('unknown-lab'));
  assert.throws(() => desk.guide('99-nothing'), refused('unknown-lab'));
  const run = await desk.start(ada, lab);
  assert.deepEqual([run.step, run.checks.length, run.recap, run.busy], [0, 2, null, null]);
  assert.ok(desk.guide(lab).tree.length >= 6);
  desk.close();
});

test('two participants do the same lab at their own pace, and are told of each other’s changes', async () => {
  const desk = open();
  await desk.start(ada, lab);
  await desk.start(bob, lab);
  await desk.predict(ada, lab, 'gateway');
  await desk.hint(ada, lab);
  const [a, b] = [desk.run(ada, lab), desk.run(bob, lab)];
  assert.deepEqual([a.prediction?.chosen, a.hints.length], ['gateway', 1]);
  assert.deepEqual([b.prediction?.chosen, b.hints.length], [null, 0]);
  desk.changed(bob, 'set timeout to 500 ms');
  assert.deepEqual(
    desk.run(ada, lab).notices.map(({ text }) => text),
    ['Someone else set timeout to 500 ms'],
  );
  assert.deepEqual(desk.run(bob, lab).notices, [], 'who did it knows');
  desk.close();
});

test('the shop is brought into one state after another, never into two at once', async () => {
  const desk = open();
  let under = 0;
  const set = shop.load.set;
  shop.load.set = async (rate) => {
    assert.equal(++under, 1);
    await new Promise(setImmediate);
    await set(rate === 60 ? 61 : rate); // so that the other has something to do, too
    under--;
  };
  await Promise.all([desk.start(ada, lab), desk.start(bob, lab)]);
  desk.close();
});

test('the checks tick by themselves, and a run whose learner has left rests', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const desk = open();
  desk.begin();
  await desk.start(ada, lab);
  shop.seconds(10, () => t.mock.timers.tick(250));
  assert.equal(desk.current(ada)?.baseline, 'taken');
  shop.seconds(40, () => t.mock.timers.tick(250)); // no page asks
  const looked = t.mock.method(shop.telemetry, 'percentiles');
  shop.seconds(10, () => t.mock.timers.tick(250));
  assert.equal(looked.mock.callCount(), 0);
  desk.current(ada);
  shop.seconds(1, () => t.mock.timers.tick(250));
  assert.ok(looked.mock.callCount() > 0);
  desk.close();
});

test('a run goes on at its step, with its baseline, after the server was restarted', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const seconds = (count: number, desk: LabDesk) =>
    shop.seconds(count, () => {
      desk.current(ada);
      t.mock.timers.tick(250);
    });
  const first = open();
  first.begin();
  await first.start(ada, lab);
  await first.hint(ada, lab);
  seconds(8, first);
  await first.predict(ada, lab, 'payments');
  await shop.load.set(70);
  seconds(1, first);
  first.close();
  await shop.load.set(50); // as after a restart of all of it
  shop.reporting = false;
  const second = open();
  second.begin();
  const run = second.current(ada)!;
  assert.deepEqual([run.hints.length, run.baseline, run.prediction?.chosen], [1, 'taken', 'payments']);
  assert.equal(shop.load.view().rate, 70);
  seconds(1, second);
  assert.match(second.current(ada)!.checks[0]!.detail, /restarted, waiting for 10 s/);
  shop.reporting = true;
  seconds(12, second);
  assert.match(second.current(ada)!.checks[0]!.detail, /30 ms now/);
  assert.deepEqual(problems, []);
  second.close();
});

test('a run that was left long ago goes on, and nothing is done to the shop for it', async () => {
  const desk = open();
  await desk.start(ada, lab);
  desk.close();
  await shop.load.set(50);
  shop.now += 5 * 60_000 + 1;
  assert.equal(open().current(ada)?.lab, lab);
  assert.equal(shop.load.view().rate, 50);
});

test('a run whose start was never reached is not gone on with', async () => {
  shop.load.set = () => Promise.reject(new Error('loadgen is away'));
  const desk = open();
  await assert.rejects(desk.start(ada, lab), /loadgen is away/);
  desk.close();
  assert.equal(open().current(ada), null);
  assert.deepEqual(problems, []);
});

for (const [what, content] of [
  ['is broken', '{"lab": "04-cir'],
  ['is not ours', '{"lab": "04-circuit-breaker", "player": 1}'],
] as const) {
  test(`a file that ${what} is set aside with a line in the log, and labs start as ever`, async () => {
    writeFileSync(join(home, `${ada}.json`), content);
    const desk = open();
    assert.equal(desk.current(ada), null);
    assert.equal(readFileSync(join(home, `${ada}.json.aside`), 'utf8'), content);
    assert.match(problems[0]!.message, /ada-.*\.json .*moved to .*\.aside/);
    await desk.start(ada, lab);
    desk.close();
    assert.equal(open().current(ada)?.lab, lab);
  });
}

test('files of runs are bounded: the old ones go, and of too many the oldest', async () => {
  const files = new RunFiles(home, onProblem);
  const desk = open();
  await desk.start(ada, lab);
  desk.close();
  const record = files.read(ada)!;
  for (let i = 0; i < 203; i++) {
    files.write(`p${i}`, record);
    const age = i < 2 ? 8 * 86_400 : 203 - i;
    utimesSync(join(home, `p${i}.json`), Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  files.sweep();
  assert.deepEqual([readdirSync(home).length, files.read('p2'), files.read('p4')?.lab], [200, null, lab]);
  assert.deepEqual(problems, []);
});

test('a lab that is being written is another one as soon as it is saved; with a mistake in it, the last good one stays', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = mkdtempSync(join(tmpdir(), 'labs-'));
  cpSync(join(labs, lab), join(folder, '16-mine'), { recursive: true });
  for (const id of shipped) cpSync(join(labs, id), join(folder, id), { recursive: true });
  const file = join(folder, '16-mine/lab.yaml');
  const yaml = readFileSync(file, 'utf8');
  const written = await new LabShelf(folder, '16-mine').open();
  const desk = open(written);
  await desk.start(ada, '16-mine');
  await desk.hint(ada, '16-mine');
  writeFileSync(file, yaml.replace('The bank has a bad day', 'A very bad day'));
  assert.equal(await written.refresh(), true);
  desk.begin();
  t.mock.timers.tick(500);
  writeFileSync(file, yaml.replace('The bank has a bad day', 'A worse day'));
  t.mock.timers.tick(500);
  while (desk.run(ada, '16-mine').steps[0]!.title !== 'A worse day') await new Promise(setImmediate);
  assert.equal(desk.run(ada, '16-mine').hints.length, 1, 'the run goes on');
  const good = written.guide('16-mine')!;
  writeFileSync(file, yaml.replace('p95(', 'p59('));
  assert.equal(await written.refresh(), false);
  const bad = written.guide('16-mine')!;
  assert.match(`${bad.problems[0]!.file}:${bad.problems[0]!.line} ${bad.problems[0]!.message}`, /^lab\.yaml:\d+ .*p59/);
  assert.deepEqual(bad.tree, good.tree);
  assert.notEqual(bad.version, good.version);
  desk.close();
  rmSync(folder, { recursive: true });
});
