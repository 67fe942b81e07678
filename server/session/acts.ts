import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from '../../labs/engine/lab.ts';
import { CodedError } from '../errors.ts';
import type { LabSystem } from './lab-system.ts';
import type { StepRun } from './step-run.ts';
import type { Witness } from './witness.ts';

/** How long "show me" waits for a trace that it can open, and how often it looks, ms. */
const TRACE_WAIT_MS = 8000;
const TRACE_LOOK_MS = 200;

/** Whose step it is, and in what system. */
export interface Actor {
  step: StepRun;
  witness: Witness;
  /** Those that may be answered. */
  services: readonly string[];
  system: LabSystem;
  now: () => number;
}

/**
 * Does what a learner does on the page and not to the shop: answers, reads, opens a trace. Throws CodedError `lab-refused`
 * while there is no such trace.
 */
export async function doAct(act: Act, { step, witness, services, system, now }: Actor): Promise<void> {
  if (act.type === 'answer') {
    const question = step.definition.questions.find(({ id }) => id === act.question);
    return step.answer(act.question, question?.truth[0] ?? '', services);
  }
  if (act.type === 'read') {
    return witness.record(act.what === 'recap' ? { type: 'recap-read' } : { type: 'diff-opened', pattern: act.what });
  }
  const deadline = now() + TRACE_WAIT_MS;
  for (;;) {
    const traces = system.telemetry.traces({ limit: 200, slow: act.overMs });
    const trace = traces.find(({ name }) => name === act.name);
    if (trace) return witness.record({ type: 'trace-opened', traceId: trace.traceId });
    if (now() >= deadline) {
      throw new CodedError('lab-refused', `No trace of ${act.name} over ${act.overMs} ms has come in yet.`, {
        action: 'Wait, and try again.',
      });
    }
    await wait(TRACE_LOOK_MS);
  }
}
