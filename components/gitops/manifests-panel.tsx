'use client';
import type { Sync } from '../../server/contract/patterns.ts';
import { request } from '../state/api.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { useView } from '../state/view.ts';
import { Segmented } from '../ui/segmented.tsx';
import styles from './gitops.module.css';
import { PoliciesView } from './policies-view.tsx';
import { RenderedManifests } from './rendered-manifests.tsx';
import { SyncLine } from './sync-line.tsx';
import { SyncView } from './sync-view.tsx';

const views = [
  { id: 'sync', label: 'Sync' },
  { id: 'policies', label: 'Policies' },
  { id: 'yaml', label: 'YAML' },
];
const readSync = () => request<Sync>('GET', '/api/sync');

/** The desired state: how far the cluster is towards it, what it is held to, and what it says. */
export function ManifestsPanel() {
  const sync = useRefreshed(readSync, 2000);
  const [view, setView] = useView('manifests', 'sync');
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <SyncLine sync={sync} />
        <Segmented label="Of the desired state" segments={views} selected={view} tone="plain" onSelect={setView} />
      </div>
      {view === 'policies' && <PoliciesView />}
      {view === 'yaml' && <RenderedManifests />}
      {view !== 'policies' && view !== 'yaml' && <SyncView sync={sync} />}
    </div>
  );
}
