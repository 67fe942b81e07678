import { podsIn } from '../../../faults/targets.ts';
import type { Fault } from '../../kinds/types.ts';
import { retryMs, type FaultWork } from './carry-out.ts';
import { iso } from './fault-objects.ts';
import type { FaultRun } from './fault-run.ts';
import { worldOf } from './scope.ts';

/**
 * Ends a fault wherever it acts, and writes down how. Answers after how many ms to look again: soon, as long as someone who
 * carries it out has not answered and its lease is not over.
 */
export async function undo(work: FaultWork, fault: Fault, run: FaultRun, reason: string | null): Promise<number> {
  const { runs, objects } = work;
  const silent = await endEverywhere(work, run);
  // Who was silent until its lease was over has ended it by itself, or will before it does anything else.
  const expired = run.remainingMs <= 0;
  if (silent.length > 0 && !expired) {
    const words = `${silent.join(', ')} did not answer; it is told again, and ends it by itself at the end of its lease`;
    await objects.writeStatus(fault, { phase: 'Ending', reason: words, undo: { state: 'Pending', silent } });
    return retryMs;
  }
  runs.forget(run);
  const againMs = await objects.writeOver(fault, {
    phase: 'Ended',
    startedAt: iso(run.startedAt),
    endsAt: iso(run.endsAt),
    endedAt: iso(expired ? run.endsAt : Math.min(objects.now(), run.endsAt)),
    pods: run.evidence.pods(),
    counts: run.evidence.counts(),
    reason: reason ?? run.evidence.remark,
    undo: silent.length > 0 ? { state: 'Expired', silent } : { state: 'Done', silent: null },
  });
  await objects.release(fault);
  return againMs;
}

/** Ends one that somebody has taken away without waiting for its end: nobody will ask for it any more. */
export async function undoUnasked(work: FaultWork, run: FaultRun): Promise<void> {
  run.stopping = true;
  work.runs.forget(run);
  const silent = await endEverywhere(work, run);
  if (silent.length > 0) console.error(`controller fault: ${run.name} is gone, and ${silent.join(', ')} may not know`);
}

async function endEverywhere({ api, runs }: FaultWork, run: FaultRun): Promise<string[]> {
  const pods = podsIn(run.namespace, await worldOf(api));
  const silent = await Promise.all(runs.partsOf(run).map(({ driver }) => driver.undo(run.id, pods)));
  return silent.flat();
}
