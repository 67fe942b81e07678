export type DiffLine = { kind: 'hunk' | 'added' | 'removed' | 'same'; text: string };

/** The lines of a unified diff, each by what it means. Its file headers are left out: the rendered state is one file. */
export function diffLines(diff: string): DiffLine[] {
  return diff
    .split('\n')
    .filter((line) => line !== '' && !/^(---|\+\+\+|diff |index |={3,}|Index:|\\ No newline)/.test(line))
    .map((line) => {
      if (line.startsWith('@@')) return { kind: 'hunk', text: line };
      if (line.startsWith('+')) return { kind: 'added', text: line.slice(1) };
      if (line.startsWith('-')) return { kind: 'removed', text: line.slice(1) };
      return { kind: 'same', text: line.slice(1) };
    });
}

/** How many lines a diff adds or takes away: its size in words. */
export function changedLines(diff: string): number {
  return diffLines(diff).filter(({ kind }) => kind === 'added' || kind === 'removed').length;
}
