import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { startWorkQueue } from './work-queue.ts';

async function turns(count = 10): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

test('a key added many times at once is reconciled once', async () => {
  const seen: string[] = [];
  const queue = startWorkQueue(async (key) => void seen.push(key));
  for (let i = 0; i < 5; i++) queue.add('a');
  queue.add('b');
  await turns();
  assert.deepEqual(seen, ['a', 'b']);
  await queue.close();
});

test('a key added while it is worked on is worked on once more, never twice at the same time', async () => {
  let atOnce = 0;
  let runs = 0;
  const gates: (() => void)[] = [];
  const queue = startWorkQueue(async () => {
    assert.equal(++atOnce, 1);
    runs += 1;
    await new Promise<void>((resolve) => gates.push(resolve));
    atOnce -= 1;
  });
  queue.add('a');
  await turns();
  queue.add('a');
  queue.add('a');
  await turns();
  assert.equal(runs, 1);
  gates.shift()!();
  await turns();
  assert.equal(runs, 2);
  gates.shift()!();
  await turns();
  assert.equal(runs, 2);
  await queue.close();
});

test('no more keys are worked on at once than there are workers', async () => {
  const gates: (() => void)[] = [];
  const queue = startWorkQueue(() => new Promise<void>((resolve) => gates.push(resolve)), { workers: 2 });
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await turns();
  assert.equal(gates.length, 2);
  gates[0]!();
  await turns();
  assert.equal(gates.length, 3);
  gates[1]!();
  gates[2]!();
  await queue.close();
});

test('a failing key comes back after 5, 10, 20 ms, and after a success from the start', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const waits: number[] = [];
  let fail = true;
  const queue = startWorkQueue(
    async () => {
      if (fail) throw new Error('not yet');
    },
    { onError: (_key, _error, retryMs) => waits.push(retryMs) },
  );
  queue.add('a');
  for (const milliseconds of [5, 10, 20]) {
    await turns();
    t.mock.timers.tick(milliseconds);
  }
  await turns();
  assert.deepEqual(waits, [5, 10, 20, 40]);
  fail = false;
  t.mock.timers.tick(40);
  await turns();
  fail = true;
  queue.add('a');
  await turns();
  assert.equal(waits.at(-1), 5);
  await queue.close();
});

test('a key whose reconcile asks to look again comes back then', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let runs = 0;
  const queue = startWorkQueue(async () => (++runs < 3 ? 1000 : undefined));
  queue.add('a');
  await turns();
  t.mock.timers.tick(999);
  await turns();
  assert.equal(runs, 1);
  t.mock.timers.tick(1);
  await turns();
  t.mock.timers.tick(1000);
  await turns();
  t.mock.timers.tick(10_000);
  await turns();
  assert.equal(runs, 3);
  await queue.close();
});

test('a key that wants to be looked at in a month waits, although no timer reaches that far', async (t: TestContext) => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on('warning', note);
  t.after(() => process.off('warning', note));
  const queue = startWorkQueue(async () => 30 * 24 * 60 * 60_000);
  queue.add('a');
  await turns();
  await queue.close();
  // What Node says when it fires a timer at once because its time is too long.
  assert.deepEqual(warnings, []);
});

test('a closed queue starts nothing more', async () => {
  let runs = 0;
  const queue = startWorkQueue(async () => void runs++);
  queue.add('a');
  await queue.close();
  queue.add('b');
  await turns();
  assert.equal(runs, 0);
});
