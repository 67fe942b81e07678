import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusyPoll } from './busy-poll.ts';

function poll() {
  const clock = { now: 0 };
  const turns: (() => void)[] = [];
  const busy = new BusyPoll(
    () => clock.now,
    (turn) => turns.push(turn),
  );
  return { clock, turns, busy, turn: () => turns.shift()!() };
}

test('bytes far apart never keep the event loop awake', () => {
  const { clock, turns, busy } = poll();
  for (; clock.now < 10; clock.now += 0.2) busy.bytes();
  assert.equal(turns.length, 0);
});

test('bytes close upon others keep it awake once, until there were none for a moment', () => {
  const { clock, turns, busy, turn } = poll();
  for (let times = 0; times < 3; times++) {
    busy.bytes();
    clock.now += 0.05;
  }
  assert.equal(turns.length, 1);
  turn();
  assert.equal(turns.length, 1);
  clock.now += 0.1;
  turn();
  assert.equal(turns.length, 0);
});
