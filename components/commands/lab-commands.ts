import type { LabSummary } from '../../server/contract/lab.ts';
import type { Command } from './command.ts';

/** The way to each lab that can be taken. */
export function labCommands(labs: readonly LabSummary[], go: (path: string) => void): Command[] {
  return labs
    .filter(({ available }) => available)
    .map(({ id, number, title }) => ({
      id: `lab-${id}`,
      label: `Lab ${number}: ${title}`,
      group: 'Go to',
      run: () => go(`/labs/${id}`),
    }));
}
