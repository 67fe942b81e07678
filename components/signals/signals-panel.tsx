'use client';
import { useSignal, useSystem } from '../state/use-system.ts';
import type { ChartDefinition } from './chart-definition.ts';
import { charts } from './charts/index.ts';
import { SignalChart } from './signal-chart.tsx';
import styles from './signals.module.css';

/** The four charts. They end at the same second, so that one glance compares them. */
export function SignalsPanel() {
  const gateway = useSignal('gateway');
  const end = gateway.at(-1)?.t;
  if (end === undefined) {
    return (
      <p className={styles.empty} role="status">
        No request has been measured yet.
      </p>
    );
  }
  return (
    <div className={styles.charts}>
      {charts.map((chart) => (
        <LiveChart key={chart.id} chart={chart} end={end} />
      ))}
    </div>
  );
}

function LiveChart({ chart, end }: { chart: ChartDefinition; end: number }) {
  const points = useSignal(chart.signal);
  const marks = useSystem('marks') ?? [];
  return <SignalChart chart={chart} points={points} marks={marks} end={end} />;
}
