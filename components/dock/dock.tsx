'use client';
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
  { id: 'signals', label: 'Signals', panel: () => <SignalsPanel /> },
  { id: 'traces', label: 'Traces', panel: () => <TracesPanel /> },
  { id: 'logs', label: 'Logs', panel: () => <LogsPanel /> },
  { id: 'events', label: 'Events', panel: () => <EventsPanel /> },
  { id: 'manifests', label: 'Manifests', panel: () => <ManifestsPanel /> },
];

export function Dock() {
  const [shown] = useView('dock', 'signals');
  const [tall, setTall] = useView('tall', '');
  const [trace] = useView('trace', '');
  // A waterfall needs room; whoever wants it otherwise says so.
  const grown = tall === '' ? shown === 'traces' && trace !== '' : tall === '1';
  return (
    <section className={styles.dock} aria-label="Dock" data-tall={grown}>
      <Tabs
        label="Dock"
        compact
        tabs={panels}
        selected={shown}
        onSelect={(id) => setView({ dock: id === 'signals' ? null : id, tall: null })}
        trailing={
          <Button look="quiet" aria-pressed={grown} aria-label="Tall dock" onClick={() => setTall(grown ? '0' : '1')}>
            <Icon name={grown ? 'shrink' : 'grow'} />
          </Button>
        }
      />
    </section>
  );
}
