import { memo } from 'react';
import type { TraceSummary } from '../../server/contract/traces.ts';
import { clockSeconds, duration, plural } from '../ui/quantity.ts';
import { useOpenTrace } from './open-trace.ts';
import styles from './traces.module.css';

export function TraceList({ list, selected }: { list: TraceSummary[] | null; selected: string }) {
  if (!list) return <p className={styles.empty}>Reading traces…</p>;
  if (list.length === 0) return <p className={styles.empty}>No trace passes these filters.</p>;
  return (
    <ul className={styles.list} aria-label="Traces">
      {list.map((trace) => (
        <TraceItem key={trace.traceId} trace={trace} selected={trace.traceId === selected} />
      ))}
    </ul>
  );
}

const TraceItem = memo(function TraceItem({ trace, selected }: { trace: TraceSummary; selected: boolean }) {
  const openTrace = useOpenTrace();
  return (
    <li>
      <button type="button" className={styles.item} aria-current={selected} onClick={() => openTrace(trace.traceId)}>
        <span className={styles.outcome} data-error={trace.error}>
          {trace.error ? '✕ failed' : '✓ ok'}
        </span>
        <span className={styles.name}>{trace.name}</span>
        <span className={styles.number}>{duration(trace.duration)}</span>
        <span className={styles.more}>
          {clockSeconds(trace.startedAt)} · {plural(trace.spans, 'span')}
          {trace.retries > 0 && ` · ${plural(trace.retries, 'retry', 'retries')}`}
          {trace.rejections > 0 && ` · ${plural(trace.rejections, 'call')} turned away`}
        </span>
      </button>
    </li>
  );
});
