import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { HeldRequests, type Place } from './held-requests.ts';

describe('requests that are held', () => {
  let held: HeldRequests;
  let demand: number;
  let mostDemand = 0;
  const stay = () => new AbortController().signal;
  const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;
  beforeEach(() => {
    const onDemand = (requests: number) => {
      demand = requests;
      mostDemand = Math.max(mostDemand, requests);
    };
    held = new HeldRequests({ target: 2, most: 3, holdMs: 30, onDemand });
  });

  it('each instance has as many as it is for, those with the fewest first', () => {
    held.setInstances(['a', 'b']);
    const places = [held.take(), held.take(), held.take(), held.take()];
    assert.deepEqual(
      places.map((place) => place?.url),
      ['a', 'b', 'a', 'b'],
    );
    assert.equal(held.take(), undefined);
    places[1]!.leave();
    places[1]!.leave();
    assert.equal(held.take()?.url, 'b');
    assert.deepEqual([held.take(), held.limit, held.running], [undefined, 4, 4]);
  });

  it('they go in the order they came, once there is an instance', async () => {
    const order: number[] = [];
    const waits = [1, 2, 3].map((number) => held.wait(stay()).then((place) => (order.push(number), place)));
    assert.deepEqual([held.waiting, demand], [3, 3]);
    mostDemand = 0;
    held.setInstances(['a']);
    const [first] = (await Promise.all(waits.slice(0, 2))) as [Place, Place];
    assert.equal(held.take(), undefined, 'nobody overtakes who waits');
    first.leave();
    await waits[2];
    assert.deepEqual([order, held.running, demand], [[1, 2, 3], 2, 2]);
    assert.equal(mostDemand, 3, 'none counts twice on its way');
  });

  it('no more are held than may be, and none for ever', async () => {
    const waits = [1, 2, 3].map(() => held.wait(stay()));
    await assert.rejects(held.wait(stay()), code('too-many-held'));
    for (const wait of waits) await assert.rejects(wait, code('no-instance'));
    assert.deepEqual([held.waiting, demand], [0, 0]);
  });

  it('who leaves is held no more', async () => {
    const caller = new AbortController();
    const wait = held.wait(caller.signal);
    caller.abort(new Error('gone'));
    await assert.rejects(wait, /gone/);
    held.setInstances(['a']);
    assert.deepEqual([held.running, held.waiting], [0, 0]);
  });

  it('an instance on its way out gets no more, and what it has under way counts until it is done', () => {
    held.setInstances(['a']);
    const place = held.take()!;
    held.setInstances([]);
    assert.deepEqual([held.take(), held.running, demand], [undefined, 1, 1]);
    place.leave();
    held.setInstances(['b']);
    held.lost('b');
    assert.deepEqual([held.take(), demand], [undefined, 0]);
  });

  it('an instance that took no connection is tried again, though nobody tells of it', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    held.setInstances(['a']);
    held.lost('a');
    t.mock.timers.tick(999);
    assert.deepEqual([held.take(), held.limit], [undefined, 0]);
    t.mock.timers.tick(1);
    assert.equal(held.take()?.url, 'a');
  });
});
