import type { FaultEdit } from './fault-object.ts';

/** What is committed to the desired state: one number of a Deployment, at this part of it. */
export interface ConfigCommit {
  settingPercent: number;
}

/**
 * On a Fault, how the cluster and whoever keeps the desired state speak with each other: what is wanted of it, as JSON or `nothing`, and
 * what has become of that.
 */
export const wantedCommit = 'faults.breakwater.dev/wanted-commit';
export const commitAnswer = 'faults.breakwater.dev/commit';
export const nothingWanted = 'nothing';

/** `gone`: nothing of it is left. `undone`: the lease lasts, and somebody has reverted it. */
export type CommitAnswer =
  { state: 'made' | 'undone'; edit: FaultEdit } | { state: 'refused'; reason: string } | { state: 'gone' };

export function answerIn(annotations: Record<string, string> | undefined): CommitAnswer | null {
  const said = annotations?.[commitAnswer];
  return said === undefined ? null : (JSON.parse(said) as CommitAnswer);
}
