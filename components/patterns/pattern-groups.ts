import type { Pattern } from '../../server/contract/patterns.ts';

export interface PatternGroup {
  place: string;
  patterns: Pattern[];
}

/** Patterns by the place they act at, in the order the server lists them. */
export function groupByPlace(patterns: readonly Pattern[]): PatternGroup[] {
  const groups = new Map<string, Pattern[]>();
  for (const pattern of patterns) groups.set(pattern.place, [...(groups.get(pattern.place) ?? []), pattern]);
  return [...groups].map(([place, members]) => ({ place, patterns: members }));
}

/** Two options of which the first is called off: an on/off switch. */
export function isSwitch(pattern: Pattern): boolean {
  return pattern.options.length === 2 && pattern.options[0]?.id === 'off';
}
