import type { Pattern, PatternChange } from '../../server/contract/patterns.ts';
import { tellPending } from '../state/action.ts';
import { request } from '../state/api.ts';

/** Asks for another option. The page shows the outcome when the next frame says it. */
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
 * switch to the first other option.
 */
export async function readDiff(pattern: Pattern): Promise<ShownDiff> {
  const label = (option: string) => pattern.options.find(({ id }) => id === option)?.label ?? option;
  const title = (from: string, to: string) => `${pattern.title}: ${label(from)} → ${label(to)}`;
  if (pattern.selected !== pattern.options[0]?.id) {
    const { changes } = await request<{ changes: PatternChange[] }>('GET', '/api/changes');
    const made = changes.find(({ pattern: id, to }) => id === pattern.id && to === pattern.selected);
    if (made) return { title: title(made.from, made.to), diff: made.diff };
  }
  const other = pattern.options.find(({ id }) => id !== pattern.selected)?.id ?? pattern.selected;
  const query = new URLSearchParams({ option: other });
  const { diff } = await request<{ diff: string }>(
    'GET',
    `/api/patterns/${encodeURIComponent(pattern.id)}/diff?${query}`,
  );
  return { title: title(pattern.selected, other), diff };
}
