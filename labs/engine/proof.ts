import { CheckTracker } from './check-tracker.ts';
import type { LabDefinition, StepDefinition } from './lab.ts';
import { recordedFacts, type RecordedSample, type Recording } from './recording.ts';

/** Replays a recording through the lab's checks. What does not hold of it is told in sentences; none is the proof. */
export function prove(lab: LabDefinition, recording: Recording): string[] {
  const failures: string[] = [];
  for (const step of lab.steps) {
    const recorded = recording.steps.find(({ id }) => id === step.id);
    if (!recorded || recorded.start.length === 0)
      failures.push(`step ${step.id} is not recorded: record the lab again`);
    else failures.push(...proveStep(lab, step, recorded.start, recorded.solution));
  }
  return failures;
}

function proveStep(
  { language }: LabDefinition,
  { id, checks }: StepDefinition,
  start: RecordedSample[],
  solution: RecordedSample[],
): string[] {
  const trackers = checks.map((check) => new CheckTracker(check, language));
  const tick = (sample: RecordedSample, changed: boolean) => {
    for (const tracker of trackers) tracker.tick(recordedFacts(sample.facts), sample.at * 1000, changed);
  };
  const failures: string[] = [];
  for (const sample of start) tick(sample, false);
  for (const tracker of trackers) {
    const { id: check, alreadyHeld, detail } = tracker.view();
    if (tracker.met || alreadyHeld) failures.push(`step ${id}: ${check} holds at the start already (${detail})`);
  }
  for (const sample of solution) tick(sample, true);
  for (const tracker of trackers) {
    const { id: check, title, detail } = tracker.view();
    if (!tracker.met) failures.push(`step ${id}: ${check} is not met at the solution (${title}: ${detail})`);
  }
  return failures;
}
