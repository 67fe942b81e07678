import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckState, LabRun, StepView } from '../../server/contract/lab.ts';
import { announcement } from './announcement.ts';

const run = (checks: CheckState[], next: StepView['state'] | null) =>
  ({
    step: 0,
    steps: [{ state: 'current' }, ...(next ? [{ state: next }] : [])],
    checks: checks.map((state, index) => ({ state, title: `p95 under ${index}` })),
  }) as LabRun;

test('a check that ticks is said, and what it opens', () => {
  assert.equal(announcement(run(['pending', 'holding'], 'locked')), '');
  assert.equal(announcement(run(['pending', 'met'], 'locked')), '1 of 2 checks met: p95 under 1.');
  assert.equal(
    announcement(run(['met', 'met'], 'current')),
    '2 of 2 checks met: p95 under 0, p95 under 1. The next step is open.',
  );
});

test('after the last step the lab is done', () => {
  assert.equal(announcement(run(['met'], null)), '1 of 1 checks met: p95 under 0. The lab is done.');
  assert.equal(announcement(run(['met', 'pending'], null)), '1 of 2 checks met: p95 under 0.');
});
