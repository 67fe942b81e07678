import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { closeToast, toasts } from '../ui/toasts.ts';
import { ApiError } from './api.ts';
import type { ConnectionState } from './connection.ts';
import { createStore } from './store.ts';
import { keepReading } from './use-refreshed.ts';

const connection = createStore<ConnectionState>('connecting');

const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  connection.set('live');
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => {
  mock.timers.reset();
  toasts.get().forEach(({ id }) => closeToast(id));
});

/** Reads from a server that refuses the readings named, and shows up to `wanted` answers: the numbers of the readings. */
function reading({ refused = [] as number[], wanted = Infinity }) {
  const shown: number[] = [];
  let reads = 0;
  const read = async () => {
    if (refused.includes(++reads)) throw new ApiError({ code: 'starting', message: 'Not yet.', action: 'Wait.' });
    return reads;
  };
  const stop = keepReading(connection, read, 2000, (answer) => shown.push(answer) < wanted);
  const turns = async (times: number) => {
    for (let i = 0; i < times; i++) {
      mock.timers.tick(2000);
      await settle();
    }
  };
  return { shown, turns, stop, reads: () => reads };
}

test('it is read again and again, through refusals', async () => {
  const { shown, turns } = reading({ refused: [2] });
  await settle();
  await turns(3);
  assert.deepEqual(shown, [1, 3, 4]);
});

test('where one answer is wanted, a refused reading is repeated until there is one', async () => {
  const { shown, turns, reads } = reading({ refused: [1, 2], wanted: 1 });
  await settle();
  assert.deepEqual(shown, []);
  await turns(5);
  assert.deepEqual([shown, reads()], [[3], 3]);
});

test('nothing is read while there is no connection, nor after the end', async () => {
  connection.set('lost');
  const { turns, stop, reads } = reading({});
  await turns(2);
  assert.equal(reads(), 0);
  connection.set('live');
  await settle();
  assert.equal(reads(), 1);
  stop();
  await turns(2);
  assert.equal(reads(), 1);
});
