import type { Command } from './command.ts';

/** Headings in the order in which they are listed; others come after them. */
const ORDER = ['Presenter', 'Guide', 'Faults', 'Panels', 'Topology', 'Patterns', 'Load', 'Go to', 'Page'];

/** Commands by their heading, what a learner reaches for most first. */
export function byGroup(commands: readonly Command[]): [group: string, commands: Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  const place = (group: string) => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);
  return [...groups].sort(([a], [b]) => place(a) - place(b));
}
