import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLab } from '../../labs/engine/load-lab.ts';
import { stepView } from './run-view.ts';
import { StepRun } from './step-run.ts';

const { lab } = await loadLab(join(import.meta.dirname, '../../labs/05-retries'), '05-retries');
const offersOf = (id: string) => {
  const step = lab.steps.find((each) => each.id === id)!;
  return stepView(new StepRun(step, lab), 'ada', []).offers;
};
const percents = (faults: { parameters?: Record<string, number> | undefined }[]) =>
  faults.map(({ parameters }) => parameters?.['percent']);

test('a fault that a step changes is offered to be started as it is to be, and not to be stopped', () => {
  const { start, stop } = offersOf('storm');
  assert.deepEqual([percents(start), percents(stop)], [[80], []]);
});

test('a fault of the steps before is offered to be stopped where the step stops it', () => {
  const { start, stop } = offersOf('bill');
  assert.deepEqual([percents(start), percents(stop)], [[], [80]]);
});
