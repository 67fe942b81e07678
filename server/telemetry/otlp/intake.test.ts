import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Intake } from './intake.ts';
import { readBody } from './request-body.ts';

const nothing = async () => undefined;
const busy = { code: 'busy', status: 503 };
const empty = async () => new Uint8Array();

describe('how much is taken in at a time', () => {
  test('one body is decoded at a time, and a failed one does not stop the next', async () => {
    const intake = new Intake();
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = intake.take(empty, async () => {
      order.push('first begins');
      await promise;
      order.push('first ends');
      throw new Error('broken');
    });
    const second = intake.take(empty, async () => void order.push('second begins'));
    resolve();
    await assert.rejects(first, /broken/);
    await second;
    assert.deepEqual(order, ['first begins', 'first ends', 'second begins']);
  });

  test('more than 8 MB of bodies together are turned away, until those before are done', async () => {
    const intake = new Intake();
    const { promise, resolve } = Promise.withResolvers<void>();
    const large = async (keep: (bytes: number) => void) => (keep(5 * 1024 * 1024), new Uint8Array());
    const held = intake.take(large, () => promise);
    await assert.rejects(intake.take(large, nothing), busy);
    resolve();
    await held;
    await intake.take(large, nothing);
  });

  test('a body that does not come within 10 s is given up, and its place is free', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const intake = new Intake();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const slow = Array.from({ length: 64 }, () => intake.take((keep) => readBody(never, keep), nothing));
    const outcomes = Promise.allSettled(slow);
    await assert.rejects(intake.take(empty, nothing), busy);
    t.mock.timers.tick(10_000);
    for (const outcome of await outcomes) {
      assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'body-incomplete');
    }
    await intake.take(empty, nothing);
  });
});
