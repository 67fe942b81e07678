'use client';
import { useCommands } from '../commands/command.ts';
import { tabCommands } from '../commands/tab-commands.ts';
import { ActiveFaults } from '../faults/active-faults.tsx';
import { FaultsPanel } from '../faults/faults-panel.tsx';
import { InspectPanel } from '../inspect/inspect-panel.tsx';
import { showPatternFilter } from '../patterns/pattern-filter.tsx';
import { PatternsPanel } from '../patterns/patterns-panel.tsx';
import { ActsOnLive } from '../rewind/past-notice.tsx';
import { useView } from '../state/view.ts';
import { Tabs } from '../ui/tabs.tsx';
import type { Tab } from '../ui/tabs.tsx';
import styles from './shell.module.css';

const panels: readonly Tab[] = [
  {
    id: 'patterns',
    label: 'Patterns',
    shortcut: 'P',
    panel: () => (
      <>
        <ActiveFaults />
        <PatternsPanel />
      </>
    ),
  },
  {
    id: 'faults',
    label: 'Faults',
    shortcut: 'F',
    panel: () => (
      <>
        <ActiveFaults />
        <FaultsPanel />
      </>
    ),
  },
  { id: 'inspect', label: 'Inspect', shortcut: 'I', panel: () => <InspectPanel /> },
];

/** What can be changed, broken and looked into. */
export function Controls() {
  const [shown, show] = useView('tab', 'patterns');
  useCommands([
    ...tabCommands(panels, show),
    {
      ...{ id: 'find-pattern', label: 'Find a pattern', group: 'Patterns', keys: '/', words: ['filter search'] },
      run: () => {
        show('patterns');
        showPatternFilter();
      },
    },
  ]);
  return (
    <aside className={styles.controls} aria-label="Controls">
      <ActsOnLive />
      <Tabs label="Controls" tabs={panels} selected={shown} onSelect={show} />
    </aside>
  );
}
