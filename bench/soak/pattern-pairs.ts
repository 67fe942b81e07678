import { pairwise } from '../../cluster/kustomize/testing/pairwise.ts';
import type { Pattern } from '../../server/contract/patterns.ts';

/** Pattern ids and what is chosen of each. */
export type Combination = Record<string, string>;

/** What can be chosen of a pattern here: its options, or of a number the least, the default and the most. */
export function choicesOf({ options, number }: Pick<Pattern, 'options' | 'number'>): string[] {
  if (number) return [...new Set([number.min, number.default, number.max].map(String))];
  return options.filter(({ unavailable }) => unavailable === undefined).map(({ id }) => id);
}

/** Combinations in which every two choices of different patterns meet at least once: most faults of combinations are of two. */
export function combinationsOf(patterns: readonly Pick<Pattern, 'id' | 'options' | 'number'>[]): Combination[] {
  const rows = pairwise(patterns.map(choicesOf));
  return rows.map((row) => Object.fromEntries(patterns.map(({ id }, index) => [id, row[index]!])));
}
