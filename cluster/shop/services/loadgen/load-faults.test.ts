import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnFaults } from '../../service/own-faults.ts';
import { ExtraArrivals, impatient, loadFault, type LoadFault } from './load-faults.ts';
import type { Send } from './traced-send.ts';

const request = { method: 'GET', path: '/api/products', route: '/api/products' } as const;
const answer = (status: number) => ({ status, headers: {}, body: Buffer.alloc(0) });
const storm: LoadFault = { behaviour: 'retry-storm', parameters: { repeats: 2 }, remainingMs: 60_000 };

async function sentBy(faults: OwnFaults<LoadFault>, statuses: (number | null)[]): Promise<number> {
  let sent = 0;
  const send: Send = async () => {
    const status = statuses[sent++] ?? null;
    return status === null ? undefined : answer(status);
  };
  await impatient(send, faults)(request, performance.now());
  return sent;
}

test('in a retry storm what has failed, or was not answered, is sent again at once, so often and no more', async () => {
  const faults = new OwnFaults<LoadFault>();
  assert.equal(await sentBy(faults, [503]), 1, 'without a storm nothing is');
  faults.begin('a', storm);
  assert.equal(await sentBy(faults, [503, null, 503, 503]), 3);
  assert.equal(await sentBy(faults, [503, 200]), 2);
  assert.equal(await sentBy(faults, [409]), 1, 'a customer’s own mistake is not');
  assert.equal(faults.active()[0]?.sent, 3);
  faults.end('a');
  assert.equal(await sentBy(faults, [503]), 1);
});

test('a spike comes on top of the rate there is, counts what it sends, and is over with its fault', async () => {
  let asked = 100;
  let arrived = 0;
  const faults: OwnFaults<LoadFault> = new OwnFaults<LoadFault>({ changed: () => crowd.review() });
  const crowd = new ExtraArrivals({
    ...{ faults, behaviour: 'spike', latestMs: 1_000 },
    rateOf: ({ parameters }) => asked * (parameters.times - 1),
    arrive: () => (arrived += 1),
  });
  crowd.start();
  faults.begin('a', { behaviour: 'spike', parameters: { times: 11 }, remainingMs: 60_000 });
  const since = performance.now();
  while (arrived < 100) await new Promise((resolve) => setTimeout(resolve, 1));
  const seconds = (performance.now() - since) / 1_000;
  assert.ok(seconds >= 0.09, `100 of 1000 a second came within ${seconds} s`);
  assert.equal(faults.active()[0]?.sent, arrived);
  asked = 0;
  crowd.review();
  const before = arrived;
  asked = 100;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(arrived, before, 'ten times nobody is nobody');
  crowd.review();
  while (arrived === before) await new Promise((resolve) => setTimeout(resolve, 1));
  faults.end('a');
  const last = arrived;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(arrived, last);
  crowd.stop();
});

test('only what is within bounds is taken', () => {
  assert.ok(loadFault.safeParse(storm).success);
  for (const wrong of [
    { ...storm, parameters: { repeats: 11 } },
    { ...storm, behaviour: 'flood' },
    { behaviour: 'greedy-client', parameters: { rate: 1e6 }, remainingMs: 1 },
    { behaviour: 'spike', parameters: {}, remainingMs: 1 },
  ])
    assert.ok(!loadFault.safeParse(wrong).success, JSON.stringify(wrong));
});
