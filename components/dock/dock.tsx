'use client';
import { useCommands } from '../commands/command.ts';
import { tabCommands } from '../commands/tab-commands.ts';
import { ManifestsPanel } from '../gitops/manifests-panel.tsx';
import { LogsPanel } from '../logs/logs-panel.tsx';
import { SignalsPanel } from '../signals/signals-panel.tsx';
import { setView, useView } from '../state/view.ts';
import { TracesPanel } from '../traces/traces-panel.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Tabs } from '../ui/tabs.tsx';
import type { Tab } from '../ui/tabs.tsx';
import { EventsPanel } from './events-panel.tsx';
import styles from './dock.module.css';

/** The panels under the topology. A panel is a component and a line here. */
const panels: readonly Tab[] = [
  { id: 'signals', label: 'Signals', shortcut: '1', panel: () => <SignalsPanel /> },
  { id: 'traces', label: 'Traces', shortcut: '2', panel: () => <TracesPanel /> },
  { id: 'logs', label: 'Logs', shortcut: '3', panel: () => <LogsPanel /> },
  { id: 'events', label: 'Events', shortcut: '4', panel: () => <EventsPanel /> },
  { id: 'manifests', label: 'Manifests', shortcut: '5', panel: () => <ManifestsPanel /> },
];

export function Dock() {
  const [shown] = useView('dock', 'signals');
  const [tall, setTall] = useView('tall', '');
  const [trace] = useView('trace', '');
  // A waterfall needs room; whoever wants it otherwise says so.
  const grown = tall === '' ? shown === 'traces' && trace !== '' : tall === '1';
  const show = (id: string) => setView({ dock: id === 'signals' ? null : id, tall: null });
  const toggleTall = () => setTall(grown ? '0' : '1');
  useCommands([
    ...tabCommands(panels, show),
    { id: 'tall', label: grown ? 'Low dock' : 'Tall dock', group: 'Panels', keys: 'd', run: toggleTall },
  ]);
  return (
    <section className={styles.dock} aria-label="Dock" data-tall={grown}>
      <Tabs
        label="Dock"
        compact
        tabs={panels}
        selected={shown}
        onSelect={show}
        trailing={
          <Button look="quiet" aria-pressed={grown} aria-label="Tall dock" title="Key D" onClick={toggleTall}>
            <Icon name={grown ? 'shrink' : 'grow'} />
          </Button>
        }
      />
    </section>
  );
}
