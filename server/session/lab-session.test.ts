import assert from 'node:assert/strict';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { loadLab, type LoadedLab } from '../../labs/engine/load-lab.ts';
import type { CodedError } from '../errors.ts';
import { LabSession } from './lab-session.ts';
import { Measurements } from './measurements.ts';
import { reachState } from './reach-state.ts';
import { ShopFacts } from './shop-facts.ts';
import { ShopInHand, wellP95 } from './testing/shop-in-hand.ts';
import { Witness } from './witness.ts';

const loaded: LoadedLab = await loadLab(
  join(import.meta.dirname, '../../labs/04-circuit-breaker'),
  '04-circuit-breaker',
);
const ada = 'ada-ada-ada-ada-ada-ad';
let shop: ShopInHand;
let session: LabSession;

function sessionOf(participant: string): LabSession {
  const reach = (state: Parameters<typeof reachState>[1], reason: string) =>
    reachState(shop, state, reason, () => shop.now);
  const measurements = new Measurements(shop.telemetry);
  return new LabSession({ loaded, system: shop, measurements, participant, reach, now: () => shop.now });
}
beforeEach(async () => {
  shop = new ShopInHand();
  session = sessionOf(ada);
  await session.start();
});
const seconds = (count: number) => shop.seconds(count, () => session.tick());
const check = (id: string) => session.view().checks.find((each) => each.id === id)!;
const refused = (code: string) => (error: unknown) => (error as CodedError).code === code;
const startFault = () => shop.faults.start({ kind: 'bank-slow', target: 'bank' });

/** Step 1, done: the bank is slow, and all are. */
async function badDay(): Promise<void> {
  seconds(8);
  await startFault();
  shop.p95 = { customer: 3100, 'gateway>catalog': 90, payments: 3050, orders: 3060, gateway: 3070 };
  seconds(4);
}

test('the shop is brought to the lab’s start, and its baseline is kept while the learner reads', () => {
  assert.equal(shop.load.view().rate, 60);
  assert.equal(session.view().baseline, 'measuring');
  seconds(8);
  assert.equal(session.view().baseline, 'taken');
  assert.match(check('catalog-slow').detail, /8 ms now, 8 ms before/);
});

test('who is quicker than the baseline has the one of what there was', async () => {
  seconds(1);
  await startFault();
  seconds(1);
  assert.equal(session.view().baseline, 'taken');
});

test('no baseline is taken before all that it has to tell is measured', async () => {
  delete shop.p95['gateway>catalog'];
  seconds(20);
  assert.equal(session.view().baseline, 'measuring');
  shop.p95['gateway>catalog'] = 8;
  seconds(1);
  assert.equal(session.view().baseline, 'taken');
  seconds(1);
  assert.match(check('catalog-slow').detail, /8 ms now, 8 ms before/);
});

test('who is quicker than a service reports has no baseline, and is told', async () => {
  delete shop.p95['gateway>catalog'];
  seconds(1);
  await startFault();
  seconds(1);
  assert.equal(session.view().baseline, 'missed');
});

test('a check must hold for its time, and once met it stays so', async () => {
  seconds(8);
  await startFault();
  shop.p95['customer'] = 1500;
  seconds(1);
  assert.equal(check('customers-slow').state, 'holding');
  shop.p95['customer'] = 900;
  seconds(1);
  assert.equal(check('customers-slow').state, 'pending');
  shop.p95['customer'] = 1500;
  seconds(3);
  shop.p95['customer'] = 20;
  seconds(1);
  assert.equal(check('customers-slow').state, 'met');
});

test('a prediction is taken once, before its outcome is in sight', async () => {
  seconds(1);
  assert.deepEqual(session.view().prediction?.services, ['bank', 'catalog', 'gateway', 'orders', 'payments']);
  assert.throws(() => session.predict('mail'), refused('invalid-request'));
  session.predict('gateway');
  assert.throws(() => session.predict('payments'), refused('lab-refused'));
  await badDay();
  const { outcome } = session.view().prediction!;
  assert.deepEqual([outcome?.right, outcome?.correct], [false, 'payments']);
  assert.match(outcome!.why, /Customers see the gateway first/);
  assert.match(outcome!.measured, /p95 of payments is 3 s now, that of customers 3\.1 s; it was 30 ms/);
});

test('what hurt before the learner changed anything is not what the change hurt first', async () => {
  shop.p95 = { customer: 3100, 'gateway>catalog': 90, gateway: 3070 }; // a fault of somebody before has just ended
  seconds(4);
  shop.p95 = { ...wellP95 };
  seconds(8);
  await badDay();
  assert.deepEqual(session.view().prediction?.outcome?.correct, 'payments');
});

test('of two that get over the limit within a second, the one is first that the other waits for', async () => {
  seconds(8);
  session.predict('payments');
  await startFault();
  shop.p95 = { customer: 3100, 'gateway>catalog': 90, orders: 3060, gateway: 3070 };
  seconds(1);
  shop.p95['payments'] = 3050; // its pod reports in the second half of the second
  seconds(4);
  assert.deepEqual(session.view().prediction?.outcome?.correct, 'payments');
});

test('the shop is measured at rest before anything is changed, for a minute at most', async () => {
  shop.p95['customer'] = 900;
  seconds(10);
  assert.equal(session.view().baseline, 'measuring');
  seconds(55);
  assert.equal(session.view().baseline, 'missed', 'the shop is not well');
  shop.p95['customer'] = 30;
  seconds(8);
  assert.equal(session.view().baseline, 'taken');
  await session.resetStep();
  assert.equal(session.view().baseline, 'measuring');
  shop.p95['customer'] = 900;
  seconds(1);
  await startFault();
  seconds(1);
  assert.equal(session.view().baseline, 'missed');
});

test('a prediction closes as soon as what it is about can be seen', async () => {
  seconds(1);
  await startFault();
  seconds(1);
  assert.equal(session.view().prediction?.closed, true);
  assert.throws(() => session.predict('payments'), refused('lab-refused'));
});

test('while “show me” brings the outcome about, no prediction is taken', async () => {
  seconds(8);
  const shown = session.showMe();
  assert.throws(() => session.predict('payments'), refused('lab-refused'));
  await shown;
});

test('answers are in another order for each participant, and always in the same for one', async () => {
  await badDay();
  session.show(1);
  const order = (of: LabSession) =>
    of
      .view()
      .questions[0]!.options!.map(({ id }) => id)
      .join();
  assert.equal(order(session), order(session));
  const orders = new Set<string>();
  shop.p95 = { ...wellP95 };
  for (let i = 0; i < 12; i++) {
    const other = sessionOf(`participant ${i}`);
    await other.start();
    shop.seconds(8, () => other.tick());
    await startFault();
    shop.p95 = { customer: 3100, 'gateway>catalog': 90, payments: 3050 };
    shop.seconds(4, () => other.tick());
    other.show(1);
    orders.add(order(other));
    shop.p95 = { ...wellP95 };
  }
  assert.ok(orders.size > 1);
});

test('a question may be answered again until it is right, and is told why it was not', async () => {
  await badDay();
  session.show(1);
  session.answer('waited-for', 'bank');
  assert.deepEqual([session.view().questions[0]!.tried?.right, check('waited-for-found').state], [false, 'pending']);
  assert.match(session.view().questions[0]!.tried!.why, /no span of payments/);
  session.answer('waited-for', 'connection');
  session.answer('full-pool', 'payments');
  session.record({ type: 'trace-opened', traceId: 'slow' });
  assert.equal(session.view().steps[1]!.state, 'done');
  assert.throws(() => session.record({ type: 'trace-opened', traceId: 'gone' }), refused('unknown-trace'));
  assert.throws(() => session.answer('nothing', 'bank'), refused('invalid-request'));
});

test('values in the text are of this run', async () => {
  await badDay();
  session.show(1);
  seconds(1);
  shop.p95['customer POST /api/orders'] = 3000;
  seconds(1);
  assert.equal(session.view().values["number(rate('customer POST /api/orders') * 0.6 * 3)"], '108');
});

test('the next step is locked until the one before is done', async () => {
  assert.throws(() => session.show(1), refused('lab-refused'));
  await badDay();
  session.show(1);
  assert.equal(session.view().step, 1);
  session.show(0);
  assert.equal(session.view().steps[0]!.state, 'done');
});

test('after all faults were stopped, a reset lets them be started again', async () => {
  seconds(8);
  shop.faults.blocked = true;
  await session.resetStep();
  assert.equal(shop.faults.blocked, false);
});

test('live figures in the text are there for operations of customers too', async () => {
  shop.p95['customer POST /api/orders'] = 80;
  seconds(8);
  const retries = await loadLab(join(import.meta.dirname, '../../labs/05-retries'), '05-retries');
  const inIts = new LabSession({
    ...{ loaded: retries, system: shop, measurements: new Measurements(shop.telemetry), participant: ada },
    ...{ reach: async () => undefined, now: () => shop.now },
  });
  await inIts.start();
  const { values } = inIts.view();
  assert.deepEqual(
    ['rate', 'p95', 'errors'].map((fact) => values[`${fact}('customer POST /api/orders')`]),
    ['60 /s', '80 ms', '0 %'],
  );
});

test('“show me” does the step, and a reset undoes it', async () => {
  seconds(8);
  await session.showMe();
  assert.deepEqual(
    shop.faults
      .list()
      .map(({ kind, parameters, duration }: { kind: string; parameters: object; duration?: number }) => [
        kind,
        parameters,
        duration,
      ]),
    [['bank-slow', { delayMs: 3000, percent: 60 }, undefined]],
  );
  await session.resetStep();
  assert.deepEqual(shop.faults.list(), []);
  assert.equal(session.view().baseline, 'measuring', 'the first step takes its baseline anew');
});

test('hints open one by one', () => {
  session.openHint();
  assert.deepEqual([session.view().hints.length, session.view().hintsLeft], [1, 2]);
  session.openHint();
  session.openHint();
  assert.throws(() => session.openHint(), refused('lab-refused'));
});

test('a breaker that opens with no fault near has tripped falsely; it heals by a probe', async () => {
  const witness = new Witness(shop, () => shop.now);
  const measurements = new Measurements(shop.telemetry);
  const sources = { system: shop, measurements, witness, baseline: null, answered: () => false };
  const facts = new ShopFacts({ ...sources, stepOpenedAt: shop.now, ledgerAtOpening: null });
  const ask = (fact: string) => facts.ask(fact, ['payments>bank'], 'now');
  await startFault();
  witness.look();
  shop.breaker('open');
  assert.deepEqual([ask('opened'), ask('openedInCalm'), ask('healed')], [1, 0, false]);
  shop.now += 1000;
  shop.breaker('half-open');
  shop.breaker('closed');
  assert.equal(ask('healed'), true);
  await shop.faults.stop(shop.faults.list()[0]!.id);
  shop.now += 16_000;
  shop.breaker('open');
  assert.deepEqual([ask('opened'), ask('openedInCalm'), ask('healed')], [2, 1, false]);
  witness.close();
});

test('what others changed is told for a minute', () => {
  session.tell('Someone else set the load to 80');
  assert.deepEqual(
    session.view().notices.map(({ text }) => text),
    ['Someone else set the load to 80'],
  );
  seconds(61);
  assert.deepEqual(session.view().notices, []);
});

test('the ledger of a run counts from its beginning', async () => {
  shop.accepted = 500;
  session = sessionOf(ada);
  await session.start();
  shop.accepted = 520;
  assert.equal(session.view().ledger?.accepted, 20);
});
