import { createHash } from 'node:crypto';

/** The same list in an order that follows from the seed, so that each participant has their own, and always the same. */
export function shuffled<T extends { id: string }>(list: readonly T[], seed: string): T[] {
  const rank = (id: string) => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return list
    .map((each) => ({ each, rank: rank(each.id) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ each }) => each);
}
