'use client';
import { useDeferredValue } from 'react';
import type { Mark } from '../../server/contract/signals.ts';
import { useSignals, useSystem } from '../state/use-system.ts';
import { charts } from './charts/index.ts';
import { SignalChart } from './signal-chart.tsx';
import styles from './signals.module.css';

/** By `customer` they all end at the same second. */
const SHOWN = [...new Set(['customer', ...charts.map(({ signal }) => signal)])];

const NO_MARKS: readonly Mark[] = [];

/**
 * The four charts. They end at the same second, so that one glance compares them, and are drawn after all else of a
 * frame: a value in a card must not wait for four charts.
 */
export function SignalsPanel() {
  const series = useDeferredValue(useSignals(SHOWN));
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
        {charts.map((chart) => (
          <SignalChart key={chart.id} chart={chart} points={series[chart.signal] ?? []} marks={marks} end={end} />
        ))}
      </div>
    </div>
  );
}
