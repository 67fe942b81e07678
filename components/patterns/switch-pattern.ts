import type { Pattern, PatternChange } from '../../server/contract/patterns.ts';
import { tellPending } from '../state/action.ts';
import { request } from '../state/api.ts';
import { anotherOption, optionLabel } from './option-label.ts';

/** Asks for another option, or number. The page shows the outcome when the next frame says it. */
export async function switchPattern(pattern: string, option: string): Promise<PatternChange> {
  return tellPending(await request<PatternChange>('PUT', `/api/patterns/${encodeURIComponent(pattern)}`, { option }));
}

export interface ShownDiff {
  /** What the diff is of: `Circuit breaker: off → library`. */
  title: string;
  diff: string;
}

/**
 * The diff worth showing: of the switch that brought the selected option, else (nothing was switched yet) of the
 * switch to another option.
 */
export async function readDiff(pattern: Pattern): Promise<ShownDiff> {
  const title = (from: string, to: string) =>
    `${pattern.title}: ${optionLabel(pattern, from)} → ${optionLabel(pattern, to)}`;
  if (pattern.selected !== pattern.default) {
    const { changes } = await request<{ changes: PatternChange[] }>('GET', '/api/changes');
    const made = changes.find(({ pattern: id, to }) => id === pattern.id && to === pattern.selected);
    if (made) return { title: title(made.from, made.to), diff: made.diff };
  }
  const other = anotherOption(pattern);
  const query = new URLSearchParams({ option: other });
  const { diff } = await request<{ diff: string }>(
    'GET',
    `/api/patterns/${encodeURIComponent(pattern.id)}/diff?${query}`,
  );
  return { title: title(pattern.selected, other), diff };
}
