import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { closeToast, toasts } from '../ui/toasts.ts';
import { createAnswer } from './answer.ts';
import { ApiError } from './api.ts';
import type { ConnectionState } from './connection.ts';
import { createStore } from './store.ts';

const connection = createStore<ConnectionState>('connecting');

/** Lets what was asked come back. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => connection.set('connecting'));
afterEach(() => toasts.get().forEach(({ id }) => closeToast(id)));

test('it is asked for once the stream is live, and kept', async () => {
  let reads = 0;
  const answer = createAnswer(connection, async () => ++reads);
  const letGo = answer.need();
  await settle();
  assert.deepEqual([reads, toasts.get().length], [0, 0]);

  connection.set('live');
  await settle();
  assert.equal(answer.get(), 1);
  connection.set('lost');
  connection.set('live');
  await settle();
  assert.equal(reads, 1);
  letGo();
});

test('an answer that failed is asked for again when the stream comes back', async () => {
  let up = false;
  const answer = createAnswer(connection, async () => {
    if (!up) throw new ApiError({ code: 'starting', message: 'Not yet.', action: 'Wait.' });
    return 'labs';
  });
  connection.set('live');
  const letGo = answer.need();
  await settle();
  assert.equal(answer.get(), null);

  up = true;
  connection.set('lost');
  connection.set('live');
  await settle();
  assert.equal(answer.get(), 'labs');
  letGo();
});

test('of two answers the one asked for last counts, whichever comes first', async () => {
  const open: ((value: string) => void)[] = [];
  const answer = createAnswer(connection, () => new Promise<string>((resolve) => open.push(resolve)));
  const both = Promise.all([answer.refresh(), answer.refresh()]);
  open[1]!('new');
  await settle();
  open[0]!('old');
  await both;
  assert.equal(answer.get(), 'new');
});

test('an answer counts though one that was asked for later is refused', async () => {
  const answers: PromiseWithResolvers<string>[] = [];
  const answer = createAnswer(connection, () => {
    answers.push(Promise.withResolvers());
    return answers.at(-1)!.promise;
  });
  const both = Promise.all([answer.refresh(), answer.refresh()]);
  answers[1]!.reject(new ApiError({ code: 'starting', message: 'Not yet.', action: 'Wait.' }));
  await settle();
  answers[0]!.resolve('good');
  await both;
  assert.equal(answer.get(), 'good');
});
