import type { LabRun } from '../../server/contract/lab.ts';

/** What a run says aloud: which checks are met, and what that opens. Values and countdowns stay silent. */
export function announcement({ checks, steps, step }: LabRun): string {
  const met = checks.filter(({ state }) => state === 'met');
  if (met.length === 0) return '';
  const sentences = [`${met.length} of ${checks.length} checks met: ${met.map(({ title }) => title).join(', ')}.`];
  const next = steps[step + 1];
  if (next && next.state !== 'locked') sentences.push('The next step is open.');
  if (!next && met.length === checks.length) sentences.push('The lab is done.');
  return sentences.join(' ');
}
