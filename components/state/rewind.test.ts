import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Changes } from '../../server/contract/stream.ts';
import { ApiError } from './api.ts';
import { Rewind } from './rewind.ts';

/** A page in time, before a server that answers when the test says so. */
function rewound() {
  const asked: { at: number; answer: (changes: Changes) => void; refuse: (error: Error) => void }[] = [];
  const rewind = new Rewind(
    (at) => new Promise((resolve, reject) => asked.push({ at, answer: resolve, refuse: reject })),
  );
  const answer = async (which: number) => {
    const { at, answer } = asked[which]!;
    answer({ time: at, number: 1, whole: true, set: { load: { rate: at } } });
    await setImmediate();
  };
  const shown = () => rewind.past.system.get()?.load?.rate ?? null;
  return { rewind, asked, answer, shown };
}

test('a moment is shown once the server answers, with a clock that stands still at it', async () => {
  const { rewind, answer, shown } = rewound();
  assert.equal(rewind.past.connection.get(), 'past');
  rewind.go(5000);
  assert.deepEqual([rewind.at.get(), shown()], [5000, null]);
  await answer(0);
  assert.deepEqual([shown(), rewind.past.clock.now()], [5000, 5000]);
  rewind.go(3000);
  await answer(1);
  assert.deepEqual([shown(), rewind.past.clock.now()], [3000, 3000]);
});

test('while the handle is dragged one request is under way, and the next is for where it is then', async () => {
  const { rewind, asked, answer, shown } = rewound();
  for (const at of [9000, 8000, 7000, 6000]) rewind.go(at);
  assert.equal(asked.length, 1);
  await answer(0);
  await answer(1);
  assert.deepEqual([asked.map(({ at }) => at), shown()], [[9000, 6000], 6000]);
});

test('an answer that comes when the page is live again is not shown', async () => {
  const { rewind, answer, shown } = rewound();
  rewind.go(5000);
  rewind.live();
  await answer(0);
  assert.deepEqual([rewind.at.get(), shown()], [null, null]);
});

test('without any moment to show the page is live; with one it stays there', async () => {
  const { rewind, asked, answer, shown } = rewound();
  const refusal = () =>
    new ApiError({ code: 'starting', message: 'Nothing of the past is kept yet.', action: 'Wait.' });
  rewind.go(5000);
  asked[0]!.refuse(refusal());
  await setImmediate();
  assert.equal(rewind.at.get(), null);
  rewind.go(5000);
  await answer(1);
  rewind.go(4000);
  asked[2]!.refuse(refusal());
  await setImmediate();
  assert.deepEqual([rewind.at.get(), shown()], [4000, 5000]);
});
