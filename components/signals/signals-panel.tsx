'use client';
import { useDeferredValue, useMemo } from 'react';
import type { Mark, SignalId, SignalPoint } from '../../server/contract/signals.ts';
import { useMember, useSignals, useSystem } from '../state/use-system.ts';
import { useView } from '../state/view.ts';
import { signalOf } from './chart-definition.ts';
import { charts } from './charts/index.ts';
import { SignalChart } from './signal-chart.tsx';
import styles from './signals.module.css';

const NO_MARKS: readonly Mark[] = [];
const NO_POINTS: readonly SignalPoint[] = [];

/**
 * The four charts. They end at the same second, so that one glance compares them, and are drawn after all else of a
 * frame: a value in a card must not wait for four charts.
 */
export function SignalsPanel() {
  const drawn = useDrawn();
  const shown = useMemo(() => [...new Set(['customer', ...drawn.flatMap((id) => id ?? [])])], [drawn]);
  const series = useDeferredValue(useSignals(shown));
  const marks = useDeferredValue(useSystem('marks')) ?? NO_MARKS;
  const end = series['customer']?.at(-1)?.t;
  if (end === undefined) {
    return (
      <p className={styles.empty} role="status">
        No request has been measured yet.
      </p>
    );
  }
  return (
    <div className={styles.charts}>
      <div className={styles.grid}>
        {charts.map((chart, i) => {
          const id = drawn[i];
          const title = typeof chart.signal === 'string' || !id ? chart.title : `${chart.title} at ${id}`;
          const points = series[id ?? ''] ?? NO_POINTS;
          return <SignalChart key={chart.id} {...{ chart, title, points, marks, end }} />;
        })}
      </div>
    </div>
  );
}

/** The series of each chart; the same array as long as they are the same. By `customer` they all end at the same second. */
function useDrawn(): (SignalId | null)[] {
  const [selected] = useView('select', '');
  const ids = useMember('topology', (topology) =>
    JSON.stringify(charts.map((chart) => signalOf(chart, topology, selected))),
  );
  return useMemo(
    () => (ids === null ? charts.map((chart) => signalOf(chart, null, '')) : (JSON.parse(ids) as (SignalId | null)[])),
    [ids],
  );
}
