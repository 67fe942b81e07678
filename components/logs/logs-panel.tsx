'use client';
import { useState } from 'react';
import { useView } from '../state/view.ts';
import { CollectionLine } from './collection-line.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import { useLogAgents, useLogs } from './use-logs.ts';
import styles from './logs.module.css';

/** What the services log, live: the newest first, by service, level, words and trace. */
export function LogsPanel() {
  const [own, setOwn] = useState({ service: '', severity: 0, text: '' });
  const [trace, setTrace] = useView('logs', '');
  const [paused, setPaused] = useState(false);
  const filter = { ...own, trace };
  const logs = useLogs(filter, paused);
  const agents = useLogAgents();
  return (
    <div className={styles.panel}>
      <LogFilters
        filter={filter}
        onChange={({ trace: ofTrace, ...change }) => {
          if (ofTrace !== undefined) setTrace(ofTrace);
          setOwn({ ...own, ...change });
        }}
        paused={paused}
        onPause={setPaused}
      />
      {agents && <CollectionLine agents={agents} />}
      {!logs && <p className={styles.empty}>Reading logs…</p>}
      {logs?.length === 0 && agents && agents.collection !== 'none' && (
        <p className={styles.empty}>No log record passes these filters.</p>
      )}
      {logs && logs.length > 0 && <LogList logs={logs} />}
    </div>
  );
}
