import type { LabRun } from '../../server/contract/lab.ts';

/** What the presenter's one key does next, and its words; `wait` does nothing. */
export type Advance = { does: 'read' | 'show-me' | 'next' | 'wait'; words: string };

/**
 * Through a lab by one key: the text to its end, then what the step asks for, then, once its checks are met, the next step.
 * `isRead`: the end of the text is in view; `isShown`: the step was done by this key already, and its checks take their time.
 */
export function advanceOf(run: LabRun, isRead: boolean, isShown: boolean): Advance {
  const unmet = run.checks.filter(({ state }) => state !== 'met');
  const next = run.steps[run.step + 1];
  if (run.busy !== null) return { does: 'wait', words: run.busy };
  if (!isRead) return { does: 'read', words: 'Read on' };
  if (next && next.state !== 'locked') return { does: 'next', words: `Next: ${next.title}` };
  if (unmet.length === 0) return { does: 'wait', words: 'The end of this lab' };
  if (!isShown) return { does: 'show-me', words: 'Do what the step asks' };
  return { does: 'wait', words: `Waiting: ${unmet[0]!.detail || unmet[0]!.title}` };
}
