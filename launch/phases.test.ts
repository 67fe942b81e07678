import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPhases } from './phases.mjs';

function screen(isTTY: boolean) {
  let text = '';
  const out = { isTTY, columns: 80, write: (chunk: string) => ((text += chunk), true) };
  let time = 0;
  return { phases: createPhases(out as never, () => time), text: () => text, pass: (ms: number) => (time += ms) };
}

test('away from a terminal each phase is one line, with the time it took', () => {
  const { phases, text, pass } = screen(false);
  const phase = phases.begin('page');
  phase.progress('building');
  pass(1_500);
  phase.done('built anew');
  assert.match(text(), /^ {2}✓ page {7}built anew +1\.5 s\n$/);
});

test('on a terminal the live line shows the phase that moved last', () => {
  const { phases, text } = screen(true);
  const cluster = phases.begin('cluster');
  phases.begin('lab').progress('listening');
  cluster.progress('3 of 14 pods');
  assert.match(text().split('\r').at(-1) ?? '', /… cluster +3 of 14 pods/);
});

test('a line goes above the live one, which is drawn again', () => {
  const { phases, text } = screen(true);
  phases.begin('cluster').progress('starting');
  phases.line('! a word');
  const [, before, after] = text().split('\r\x1b[2K').slice(-3);
  assert.equal(before, '! a word\n');
  assert.match(after ?? '', /^ {2}… cluster +starting +0\.0 s$/);
});

test('a phase that failed leaves no line, and says nothing more', () => {
  const { phases, text } = screen(false);
  const phase = phases.begin('page');
  phase.failed();
  phase.progress('late');
  assert.equal(text(), '');
});

test('away from a terminal a long phase says where it is every ten seconds', () => {
  const { phases, text, pass } = screen(false);
  const phase = phases.begin('packages');
  for (let fetched = 1; fetched <= 25; fetched++) {
    pass(1_000);
    phase.progress(`${fetched} of 25`);
  }
  assert.deepEqual(text().match(/\d+ of 25/g), ['10 of 25', '20 of 25']);
});
