import type { Tab } from '../ui/tabs.tsx';
import type { Command } from './command.ts';

/** Shows each of these tabs; its key is the one that its tab names. */
export function tabCommands(tabs: readonly Tab[], show: (id: string) => void): Command[] {
  return tabs.map(({ id, label, shortcut }) => ({
    id: `tab-${id}`,
    label,
    group: 'Panels',
    words: ['show panel tab'],
    ...(shortcut === undefined ? {} : { keys: shortcut.toLowerCase() }),
    run: () => show(id),
  }));
}
