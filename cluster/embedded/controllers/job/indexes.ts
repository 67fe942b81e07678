import type { Pod } from '../../kinds/types.ts';

/** On a pod of an Indexed Job, as label and annotation: which part of the work is its. */
export const indexKey = 'batch.kubernetes.io/job-completion-index';

/** The part of the work that a pod does; null for one that has none. */
export function indexOf(pod: Pod): number | null {
  const index = pod.metadata.annotations?.[indexKey];
  return index !== undefined && /^\d+$/.test(index) ? Number(index) : null;
}

/** `0-2,5` to numbers. */
export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const part of text ? text.split(',') : []) {
    const [first, last = first] = part.split('-').map(Number);
    for (let index = first!; index <= last!; index++) indexes.add(index);
  }
  return indexes;
}

/** Numbers to `0-2,5`, as status.completedIndexes has them. */
export function formatIndexes(indexes: Iterable<number>): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  // Two in a row are written as two.
  return runs
    .map(([first, last]) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',');
}
