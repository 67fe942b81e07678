import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Trace } from '../../server/contract/traces.ts';
import { ApiError } from '../state/api.ts';
import type { ConnectionState } from '../state/connection.ts';
import { createStore } from '../state/store.ts';
import { followTrace } from './follow-trace.ts';

const connection = createStore<ConnectionState>('connecting');

const withSpans = (spans: number) => ({ traceId: 'a', spans }) as Trace;
const gone = () => Promise.reject(new ApiError({ code: 'unknown-trace', message: 'No such trace.', action: '' }));
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  connection.set('live');
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => mock.timers.reset());

/** Follows a server that answers these one after the other, then the last one for ever. */
async function follow(answers: (() => Promise<Trace>)[]) {
  const shown: (number | 'gone')[] = [];
  let reads = 0;
  const stop = followTrace(
    connection,
    () => answers[Math.min(reads++, answers.length - 1)]!(),
    (trace) => shown.push(trace === 'gone' ? trace : trace.spans),
  );
  await settle();
  const second = async (times = 1) => {
    for (let i = 0; i < times; i++) {
      mock.timers.tick(1000);
      await settle();
    }
  };
  return { shown, second, stop, reads: () => reads };
}

test('spans that come in late are shown, and a trace that has settled is read no more', async () => {
  const { shown, second, reads } = await follow([4, 4, 9].map((spans) => async () => withSpans(spans)));
  assert.deepEqual(shown, [4]);
  await second(2);
  assert.deepEqual(shown, [4, 9]);
  await second(30);
  assert.deepEqual([shown, reads()], [[4, 9], 8]);
});

test('a trace that the server keeps no more is said to be gone, once', async () => {
  const { shown, second, reads } = await follow([gone]);
  await second(3);
  assert.deepEqual([shown, reads()], [['gone'], 1]);
});

test('what was shown stays when the server gives it up', async () => {
  const { shown, second } = await follow([async () => withSpans(4), gone]);
  await second(3);
  assert.deepEqual(shown, [4]);
});

test('nothing is asked before the lab answers, nor after the trace was closed', async () => {
  connection.set('connecting');
  const { shown, stop, second } = await follow([async () => withSpans(4), async () => withSpans(5)]);
  assert.deepEqual(shown, []);
  connection.set('live');
  await settle();
  assert.deepEqual(shown, [4]);
  stop();
  await second(2);
  assert.deepEqual(shown, [4]);
});
