'use client';
import { useState } from 'react';
import { setView, useView } from '../state/view.ts';
import { TraceFilters } from './trace-filters.tsx';
import { TraceList } from './trace-list.tsx';
import { useTraces } from './use-traces.ts';
import type { TraceFilter } from './use-traces.ts';
import { TraceWaterfall } from './trace-waterfall.tsx';
import styles from './traces.module.css';

/** The live list of traces, and beside it the waterfall of the chosen one. */
export function TracesPanel() {
  const [filter, setFilter] = useState<TraceFilter>({ error: false, slow: 0, service: '' });
  const [paused, setPaused] = useState(false);
  const [trace] = useView('trace', '');
  const list = useTraces(filter, paused);
  return (
    <div className={styles.panel} data-open={trace !== ''}>
      <div className={styles.side}>
        <TraceFilters filter={filter} onChange={setFilter} paused={paused} onPause={setPaused} />
        <TraceList list={list} selected={trace} />
      </div>
      {trace !== '' && <TraceWaterfall traceId={trace} onClose={() => setView({ trace: null })} />}
    </div>
  );
}
