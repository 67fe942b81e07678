'use client';
import { memo } from 'react';
import { latePart } from '../ui/late-part.tsx';
import { decimal } from '../ui/quantity.ts';
import type { ChartPlotProps } from './chart-plot.tsx';
import styles from './signals.module.css';

/** Recharts is a third of the page's code: the drawing of the shop does not wait for it. */
const ChartPlot = latePart(async () => (await import('./chart-plot.tsx')).ChartPlot);

/** One chart with its current value in large type. */
export const SignalChart = memo(function SignalChart({ title, ...props }: ChartPlotProps & { title: string }) {
  const { chart, points } = props;
  const last = points.at(-1);
  const value = last ? chart.headline(last) : null;
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.caption}>
        <span>{title}</span>
        <b>{value === null ? '–' : decimal(value)}</b>
        <span>{chart.unit}</span>
      </figcaption>
      <div className={styles.plot}>
        <ChartPlot {...props} />
      </div>
    </figure>
  );
});
