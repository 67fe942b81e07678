import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { circuitBreaker } from '../../labs/04-circuit-breaker/lab.ts';
import { LabDesk } from './lab-desk.ts';
import { LabSession } from './lab-session.ts';
import { reachState } from './reach-state.ts';
import { DrivenShop } from '../../labs/04-circuit-breaker/testing/driven-shop.ts';

const refused = (code: string) => (error: Error) => (error as Error & { code?: string }).code === code;

async function started() {
  const shop = new DrivenShop();
  const session = new LabSession(circuitBreaker, shop, () => shop.now);
  await session.start();
  const states = () => Object.fromEntries(session.view().checks.map((check) => [check.id, check.state]));
  const check = (id: string) => session.view().checks.find((each) => each.id === id)!;
  /** Lets the shop run until the step is done. */
  const untilDone = (limit = 60) => {
    for (let i = 0; i < limit * 4 && session.view().steps[session.view().step]!.state !== 'done'; i++) {
      shop.advance();
      session.tick();
    }
    assert.equal(session.view().steps[session.view().step]!.state, 'done', JSON.stringify(session.view().checks));
  };
  return { shop, session, states, check, untilDone };
}

describe('the circuit breaker lab', () => {
  test('can be followed from start to recap, and each check waits for what it asks', async () => {
    const { shop, session, states, check, untilDone } = await started();
    assert.equal(shop.load.view().rate, 0, 'the learner starts the load');
    shop.seconds(8, () => session.tick());
    assert.deepEqual(states(), { 'trace-opened': 'pending', baseline: 'pending' });
    await shop.load.set(60);
    shop.seconds(8, () => session.tick());
    assert.equal(check('baseline').state, 'holding');
    assert.match(check('baseline').detail, /30 ms now, 0 % errors, \d+ of 10 s/);
    const browse = shop.telemetry.traces().find(({ name }) => name === 'GET /api/products')!;
    session.record({ type: 'trace-opened', traceId: browse.traceId });
    assert.match(check('trace-opened').detail, /that was GET \/api\/products/);
    const order = shop.telemetry.traces().find(({ name }) => name === 'POST /api/orders')!;
    session.record({ type: 'trace-opened', traceId: order.traceId });
    untilDone();

    session.show(1);
    session.predict('payments');
    assert.throws(() => session.predict('everything'), refused('lab-refused'));
    await shop.faults.start({ kind: 'bank-slow', target: 'bank', duration: 900 });
    untilDone();
    const { outcome } = session.view().prediction!;
    assert.deepEqual([outcome?.right, outcome?.correct], [false, 'everything']);
    assert.match(outcome!.measured, /from 12 ms to 3\.9 s/);
    assert.match(outcome!.why, /call graph ends there/);
    shop.seconds(5, () => session.tick());

    session.show(2);
    shop.seconds(3, () => session.tick());
    await shop.patterns.select('timeout', '500ms');
    untilDone();
    shop.seconds(5, () => session.tick());

    session.show(3);
    shop.seconds(3, () => session.tick());
    assert.ok(
      Object.values(states()).every((state) => state === 'pending'),
      JSON.stringify(states()),
    );
    session.predict('drops');
    await shop.patterns.select('circuit-breaker', 'library');
    session.record({ type: 'diff-opened', pattern: 'circuit-breaker' });
    untilDone();
    assert.equal(session.view().prediction?.outcome?.right, true);

    session.show(4);
    shop.seconds(8, () => session.tick());
    assert.equal(check('breaker-heals').state, 'pending');
    for (const fault of shop.faults.list()) await shop.faults.stop(fault.id);
    untilDone();

    session.show(5);
    await shop.patterns.select('breaker-threshold', '1');
    shop.seconds(4, () => session.tick());
    assert.equal(check('false-trip').state, 'pending', 'so soon after the fault a trip may be its doing');
    session.record({ type: 'recap-read' });
    untilDone();

    const { recap, steps } = session.view();
    assert.ok(steps.every((step) => step.state === 'done'));
    assert.deepEqual(
      recap?.moments.map(({ label }) => label),
      circuitBreaker.recap.moments.map(({ label }) => label),
    );
    const rows = Object.fromEntries(recap!.rows.map((row) => [row.name, row]));
    assert.ok(
      recap!.rows.every((row) => row.seconds > 0),
      JSON.stringify(rows),
    );
    assert.ok(rows['baseline']!.p95! < 35 && rows['baseline']!.ordersLost === 0);
    assert.ok(Math.abs(rows['baseline']!.goodput! - 20) < 1);
    assert.ok(rows['no breaker']!.p95! > 3900);
    assert.ok(rows['timeout only']!.p95! > 490 && rows['timeout only']!.errorRatio! > 0.5);
    assert.ok(rows['breaker']!.p95! < 35 && rows['breaker']!.ordersLost > 0);
    assert.ok(recap!.chart.length > 60);
  });

  test('a prediction that was not made is told all the same once the step is done', async () => {
    const { shop, session, untilDone } = await started();
    await shop.load.set(60);
    shop.seconds(8, () => session.tick());
    const order = shop.telemetry.traces().find(({ name }) => name === 'POST /api/orders')!;
    session.record({ type: 'trace-opened', traceId: order.traceId });
    untilDone();
    session.show(1);
    await session.showMe();
    untilDone();
    const { chosen, outcome } = session.view().prediction!;
    assert.deepEqual([chosen, outcome?.right, outcome?.correct], [null, false, 'everything']);
  });

  test('a check that holds when the step opens waits until something was changed', async () => {
    const shop = new DrivenShop();
    const lab = {
      ...circuitBreaker,
      steps: [{ ...circuitBreaker.steps[0]!, start: { ...circuitBreaker.steps[0]!.start, load: 60 } }],
    };
    shop.seconds(10);
    const held = new LabSession(lab, shop, () => shop.now);
    await held.start();
    shop.seconds(20, () => held.tick());
    const baseline = () => held.view().checks.find(({ id }) => id === 'baseline')!;
    assert.deepEqual([baseline().state, baseline().alreadyHeld], ['pending', true]);
    await shop.load.set(80);
    shop.seconds(11, () => held.tick());
    assert.deepEqual([baseline().state, baseline().alreadyHeld], ['met', false]);
  });

  test('a check whose value slips while it holds begins its time anew', async () => {
    const { shop, session, check } = await started();
    await shop.load.set(60);
    shop.seconds(10, () => session.tick());
    assert.equal(check('baseline').state, 'holding');
    await shop.load.set(8);
    shop.seconds(6, () => session.tick());
    assert.equal(check('baseline').state, 'pending');
    await shop.load.set(60);
    shop.seconds(8, () => session.tick());
    assert.notEqual(check('baseline').state, 'met');
  });
});

describe('a session', () => {
  test('opens hints in order and refuses one too many', async () => {
    const { session } = await started();
    const all = circuitBreaker.steps[0]!.hints;
    session.openHint();
    assert.deepEqual([session.view().hints, session.view().hintsLeft], [all.slice(0, 1), all.length - 1]);
    for (let i = 1; i < all.length; i++) session.openHint();
    assert.deepEqual(session.view().hints, all);
    assert.throws(() => session.openHint(), refused('lab-refused'));
  });

  test('refuses steps that are locked or do not exist, unknown answers and unknown traces', async () => {
    const { session } = await started();
    assert.throws(() => session.show(1), refused('lab-refused'));
    assert.throws(() => session.show(99), refused('invalid-request'));
    assert.throws(() => session.predict('x'), refused('lab-refused'));
    assert.throws(() => session.record({ type: 'trace-opened', traceId: 'f'.repeat(32) }), refused('unknown-trace'));
    assert.deepEqual(
      session.view().steps.map(({ state }) => state),
      ['current', ...Array<string>(5).fill('locked')],
    );
  });

  test('takes a new baseline when the step that takes it is reset', async () => {
    const { shop, session, untilDone } = await started();
    const followed = () => {
      const order = shop.telemetry.traces().find(({ name }) => name === 'POST /api/orders')!;
      session.record({ type: 'trace-opened', traceId: order.traceId });
    };
    const rate = () => session.toRecord().observed.baseline?.['customer']?.rate;
    await shop.load.set(60);
    shop.seconds(8, () => session.tick());
    followed();
    untilDone();
    assert.equal(Math.round(rate()!), 60);
    await session.resetStep();
    assert.equal(rate(), undefined);
    await shop.load.set(100);
    shop.seconds(8, () => session.tick());
    followed();
    untilDone();
    assert.ok(rate()! > 90, `${rate()}`);
  });

  test('says so when a part of the system refuses, and can be started again', async () => {
    const shop = new DrivenShop();
    const session = new LabSession(circuitBreaker, shop, () => shop.now);
    const set = shop.load.set;
    shop.load.set = () => Promise.reject(new Error('loadgen is away'));
    await assert.rejects(session.start(), /loadgen is away/);
    assert.equal(session.view().busy, null);
    shop.load.set = set;
    await session.start();
    assert.equal(shop.load.view().rate, 0);
  });
});

describe('reaching a state', () => {
  const slow = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 3000 }, duration: 900 };

  test('does nothing when nothing differs', async () => {
    const shop = new DrivenShop();
    await reachState(shop, { patterns: {}, faults: [slow], load: 60 }, 'a test', () => shop.now);
    shop.calls.length = 0;
    await reachState(shop, { patterns: {}, faults: [slow], load: 60 }, 'a test', () => shop.now);
    assert.deepEqual(shop.calls, []);
  });

  test('stops what is not wanted, resets patterns not named, waits for the rolling update, then starts faults', async () => {
    const shop = new DrivenShop();
    await shop.patterns.select('timeout', '3s');
    await shop.faults.start({ ...slow, parameters: { delayMs: 100 } });
    shop.faults.blocked = true;
    shop.calls.length = 0;
    shop.rollingFor = 3;
    await reachState(
      shop,
      { patterns: { 'circuit-breaker': 'library' }, faults: [slow], load: 30 },
      'a test',
      () => shop.now,
    );
    assert.deepEqual(shop.calls, [
      'stop bank-slow-2',
      'timeout=none',
      'circuit-breaker=library',
      'load=30',
      'release',
      'start bank-slow',
    ]);
    assert.ok(shop.rollingFor <= 0);
  });

  test('renews a fault whose lease has run for more than half', async () => {
    const shop = new DrivenShop();
    await shop.faults.start(slow);
    shop.now += 500_000;
    shop.calls.length = 0;
    await reachState(shop, { patterns: {}, faults: [slow], load: 60 }, 'a test', () => shop.now);
    assert.deepEqual(
      shop.calls.map((call) => call.split(' ')[0]),
      ['stop', 'start'],
    );
  });
});

describe('the desk', () => {
  test('knows all labs, starts the one that is there and refuses the others by code', async () => {
    const shop = new DrivenShop();
    const desk = new LabDesk(shop, { now: () => shop.now });
    assert.equal(desk.list().length, 15);
    assert.equal(desk.current('ada'), null);
    assert.throws(() => desk.run('ada', '04-circuit-breaker'), refused('no-lab-running'));
    await assert.rejects(desk.start('ada', '05-retries'), refused('lab-refused'));
    await assert.rejects(desk.start('ada', '99-nothing'), refused('unknown-lab'));
    const run = await desk.start('ada', '04-circuit-breaker');
    assert.deepEqual([run.step, run.checks.length, run.recap, run.busy], [0, 2, null, null]);
    assert.equal((await desk.hint('ada', '04-circuit-breaker')).hints.length, 1);
    desk.close();
  });

  test('starts over when a run is under way', async () => {
    const shop = new DrivenShop();
    const desk = new LabDesk(shop, { now: () => shop.now });
    const first = await desk.start('ada', '04-circuit-breaker');
    await desk.hint('ada', '04-circuit-breaker');
    await shop.load.set(80);
    shop.seconds(5);
    const again = await desk.start('ada', '04-circuit-breaker');
    assert.deepEqual([again.hints, again.step, shop.load.view().rate], [[], 0, 0]);
    assert.ok(again.startedAt > first.startedAt);
    desk.close();
  });

  test('lets the checks tick by themselves, four times a second', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const shop = new DrivenShop();
    const desk = new LabDesk(shop, { now: () => shop.now });
    desk.begin();
    await desk.start('ada', '04-circuit-breaker');
    await shop.load.set(60);
    shop.seconds(20, () => t.mock.timers.tick(250));
    assert.equal(desk.current('ada')?.checks.find(({ id }) => id === 'baseline')?.state, 'met');
    desk.close();
  });
});
