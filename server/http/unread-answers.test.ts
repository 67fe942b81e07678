import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { UnreadAnswers } from './unread-answers.ts';

/** A connection as the bounds see it. */
class Connection extends EventEmitter {
  bytesWritten = 0;
  writableLength = 0;
  destroyed = false;

  answer(bytes: number): void {
    this.bytesWritten += bytes;
    this.writableLength += bytes;
  }

  read(bytes: number): void {
    this.writableLength -= bytes;
  }

  destroy(): void {
    this.destroyed = true;
    this.writableLength = 0;
    this.emit('close');
  }

  /** One more request on it: what `begin` said, and how to end its answer. */
  ask(unread: UnreadAnswers): { taken: boolean; answered: () => void } {
    const response = new EventEmitter();
    const taken = unread.begin({ socket: this } as unknown as IncomingMessage, response as unknown as ServerResponse);
    return { taken, answered: () => void response.emit('close') };
  }
}

test('what is asked for while too much is unread is refused, until it was read', async () => {
  const unread = new UnreadAnswers({ maxBytes: 100 });
  const [slow, other] = [new Connection(), new Connection()];
  for (const each of [slow, other]) each.ask(unread);
  await unread.admit();
  slow.answer(150);
  await assert.rejects(unread.admit(), { code: 'too-busy' });
  slow.read(100);
  await unread.admit();
});

test('who has stalled makes room for the next, and who reads is left alone', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const unread = new UnreadAnswers({ maxBytes: 100 });
  const [stalled, reading] = [new Connection(), new Connection()];
  for (const each of [stalled, reading]) {
    each.ask(unread);
    each.answer(60);
  }
  for (let second = 0; second < 3; second++) {
    t.mock.timers.tick(1000);
    reading.read(5);
  }
  await unread.admit();
  assert.deepEqual([stalled.destroyed, reading.destroyed], [true, false]);
});

test('who reads nothing for long is cut off though there is room', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const unread = new UnreadAnswers({ patience: 5000 });
  const [stalled, idle] = [new Connection(), new Connection()];
  for (const each of [stalled, idle]) each.ask(unread);
  stalled.answer(1);
  for (let second = 0; second < 5; second++) t.mock.timers.tick(1000);
  assert.equal(stalled.destroyed, false);
  for (let second = 0; second < 2; second++) t.mock.timers.tick(1000);
  assert.deepEqual([stalled.destroyed, idle.destroyed], [true, false]);
});

test('requests are begun one at a time, each on a turn of its own', async () => {
  const unread = new UnreadAnswers();
  const begun: number[] = [];
  const requests = [0, 1, 2].map((i) => unread.admit().then(() => begun.push(i)));
  await requests[0];
  assert.deepEqual(begun, [0]);
  await Promise.all(requests);
  assert.deepEqual(begun, [0, 1, 2]);
});

test('who sends requests without waiting for answers is cut off, who waits may ask for ever', () => {
  const unread = new UnreadAnswers({ maxOfOne: 2 });
  const [patient, hasty] = [new Connection(), new Connection()];
  for (let i = 0; i < 10; i++) {
    const { taken, answered } = patient.ask(unread);
    assert.equal(taken, true);
    answered();
  }
  assert.deepEqual(
    [1, 2, 3, 4].map(() => hasty.ask(unread).taken),
    [true, true, false, false],
  );
  assert.deepEqual([patient.destroyed, hasty.destroyed], [false, true]);
});
