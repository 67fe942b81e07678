'use client';
import { ActiveFaults } from '../faults/active-faults.tsx';
import { FaultsPanel } from '../faults/faults-panel.tsx';
import { InspectPanel } from '../inspect/inspect-panel.tsx';
import { PatternsPanel } from '../patterns/patterns-panel.tsx';
import { useView } from '../state/view.ts';
import { Tabs } from '../ui/tabs.tsx';
import type { Tab } from '../ui/tabs.tsx';
import styles from './shell.module.css';

const panels: readonly Tab[] = [
  {
    id: 'patterns',
    label: 'Patterns',
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
    panel: () => (
      <>
        <ActiveFaults />
        <FaultsPanel />
      </>
    ),
  },
  { id: 'inspect', label: 'Inspect', panel: () => <InspectPanel /> },
];

/** What can be changed, broken and looked into. */
export function Controls() {
  const [shown, show] = useView('tab', 'patterns');
  return (
    <aside className={styles.controls} aria-label="Controls">
      <Tabs label="Controls" tabs={panels} selected={shown} onSelect={show} />
    </aside>
  );
}
