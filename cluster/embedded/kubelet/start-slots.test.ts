import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startSlots } from './start-slots.ts';

const never = new AbortController().signal;

/** Containers that note when they got their slot, and say when they are started. */
function containers(count: number) {
  const slots = startSlots(count);
  const begun: string[] = [];
  return {
    begun,
    start(name: string, signal = never) {
      const started = Promise.withResolvers<void>();
      void slots.take(started.promise, signal).then(() => begun.push(name));
      return started;
    },
  };
}

test('as many start at once as there are slots; the rest follow in their order', async () => {
  const { begun, start } = containers(2);
  const [a, b] = [start('a'), start('b'), start('c'), start('d')];
  await turn();
  assert.deepEqual(begun, ['a', 'b']);
  b?.resolve();
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c']);
  a?.resolve();
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
});

test('one that does not come to answer gives its slot up after a second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { begun, start } = containers(1);
  start('waits for its database');
  start('the database');
  await turn();
  t.mock.timers.tick(999);
  await turn();
  assert.deepEqual(begun, ['waits for its database']);
  t.mock.timers.tick(1);
  await turn();
  assert.deepEqual(begun, ['waits for its database', 'the database']);
});

test('one that is ended while it waits leaves the queue at once, and takes no slot', async () => {
  const { begun, start } = containers(1);
  const ended = new AbortController();
  const first = start('first');
  start('ended', ended.signal);
  start('last');
  ended.abort();
  await turn();
  assert.deepEqual(begun, ['first', 'ended']); // the runner sees the signal, and starts nothing
  first.resolve();
  await turn();
  assert.deepEqual(begun, ['first', 'ended', 'last']);
});
