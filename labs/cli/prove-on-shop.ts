import { setTimeout as wait } from 'node:timers/promises';
import type { LabRun } from '../../server/contract/lab.ts';
import type { Recording, RecordedSample, Sample } from '../engine/recording.ts';
import { Participant } from './participant.ts';

const everyMs = 500;
/** The start state is watched for as long as checks look back. */
const startSeconds = 3;
const patienceSeconds = 90;
/** The shop is warm, and the baseline taken, after this long at most. */
const baselineSeconds = 60;

/**
 * Goes through a lab on a running shop: the steps' starts, in which no check may hold, and what "show me" does, after which
 * all must come to be met. What does not hold is told in sentences.
 */
export async function proveOnShop(
  url: string,
  lab: string,
  say: (line: string) => void,
): Promise<{ recording: Recording; problems: string[] }> {
  const me = new Participant(url);
  const recording: Recording = { recordedAt: new Date().toISOString().slice(0, 10), steps: [] };
  const problems: string[] = [];
  let run = await me.ask<LabRun>('POST', `/labs/${lab}/start`);
  await baseline(me, lab);
  for (const [index, { id }] of run.steps.entries()) {
    if (index > 0) run = await me.ask('POST', `/labs/${lab}/step`, { index });
    const opened = Date.now();
    const start: RecordedSample[] = [];
    const solution: RecordedSample[] = [];
    const look = async (samples: RecordedSample[]) => {
      const { facts } = await me.ask<{ facts: Sample }>('GET', `/labs/${lab}/facts`);
      samples.push({ at: (Date.now() - opened) / 1000, facts });
      run = await me.ask('GET', `/labs/${lab}`);
    };
    while (Date.now() - opened < startSeconds * 1000) {
      await look(start);
      await wait(everyMs);
    }
    for (const check of run.checks) {
      if (check.alreadyHeld || check.state === 'met')
        problems.push(`${lab} ${id}: ${check.id} holds at the start already (${check.detail})`);
    }
    await me.ask('POST', `/labs/${lab}/show-me`);
    const shown = Date.now();
    const isDone = () => run.steps[index]!.state === 'done';
    do {
      await look(solution);
      if (!isDone()) await wait(everyMs);
    } while (!isDone() && Date.now() - shown < patienceSeconds * 1000);
    // The shop looks more often than we do: what has just held for its time there has not yet in the recording.
    await wait(everyMs);
    await look(solution);
    for (const check of run.checks) {
      if (check.state !== 'met')
        problems.push(`${lab} ${id}: ${check.id} is not met (${check.title}: ${check.detail})`);
    }
    recording.steps.push({ id, start, solution });
    const took = ((Date.now() - opened) / 1000).toFixed(1);
    say(
      `${isDone() ? '✓' : '✗'} ${lab} ${id} ${took} s  ${run.checks.map(({ id, detail }) => `${id}: ${detail}`).join(' | ')}`,
    );
    if (!isDone()) break; // the next step is locked
  }
  for (const problem of problems) say(`✗ ${problem}`);
  return { recording, problems };
}

/** Waits until the run has its baseline: the shop may just have been started. */
async function baseline(me: Participant, lab: string): Promise<void> {
  const began = Date.now();
  for (;;) {
    const { baseline } = await me.ask<LabRun>('GET', `/labs/${lab}`);
    if (baseline === 'taken') return;
    if (Date.now() - began > baselineSeconds * 1000) {
      const { customer } = await me.ask<{ customer: object }>('GET', '/state');
      const found = JSON.stringify(customer);
      throw new Error(`${lab}: the shop is not as its baseline wants it after ${baselineSeconds} s: ${found}`);
    }
    await wait(everyMs);
  }
}
