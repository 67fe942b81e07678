import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckState, LabRun, StepView } from '../../server/contract/lab.ts';
import { advanceOf } from './advance.ts';

const run = (check: CheckState, next: StepView['state'] | null, busy: string | null = null) =>
  ({
    ...{ step: 0, busy },
    steps: [{ title: 'One' }, ...(next ? [{ title: 'Two', state: next }] : [])],
    checks: [{ id: 'fast', title: 'Fast again', state: check, detail: '81 ms now' }],
  }) as unknown as LabRun;

test('the key reads on, has the step done, waits for its checks, and goes on', () => {
  assert.equal(advanceOf(run('pending', 'locked'), false, false).does, 'read');
  assert.equal(advanceOf(run('pending', 'locked'), true, false).does, 'show-me');
  assert.deepEqual(advanceOf(run('holding', 'locked'), true, true), { does: 'wait', words: 'Waiting: 81 ms now' });
  assert.equal(advanceOf(run('met', 'current'), false, true).does, 'read', 'there is more to read once they are met');
  assert.deepEqual(advanceOf(run('met', 'current'), true, true), { does: 'next', words: 'Next: Two' });
});

test('while something is brought about the key waits, and so it does at the end', () => {
  assert.deepEqual(advanceOf(run('pending', 'locked', 'Resetting the step'), true, false), {
    ...{ does: 'wait', words: 'Resetting the step' },
  });
  assert.equal(advanceOf(run('pending', null), true, false).does, 'show-me');
  assert.equal(advanceOf(run('met', null), true, true).does, 'wait');
});
