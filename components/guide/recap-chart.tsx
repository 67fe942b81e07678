'use client';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Recap } from '../../server/contract/lab.ts';
import { ChartTooltip } from '../signals/chart-tooltip.tsx';
import { THROTTLED_EVENTS } from '../signals/throttled-events.ts';
import { axisTicks, tickLabel } from '../signals/window.ts';
import { clockSeconds } from '../ui/quantity.ts';
import styles from './recap.module.css';

/** Customers' p95 over the whole run. The moments are numbered lines; their names stand below. */
export function RecapChart({ recap }: { recap: Recap }) {
  const ticks = axisTicks(Math.max(0, ...recap.chart.map(({ p95 }) => p95 ?? 0)), 100);
  const first = recap.chart[0]?.t ?? 0;
  const last = Math.max(recap.chart.at(-1)?.t ?? 1, ...recap.moments.map(({ at }) => at / 1000));
  return (
    <figure>
      <figcaption className={styles.caption}>p95 for customers, in ms</figcaption>
      <div className={styles.plot}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 700, height: 220 }}>
          <LineChart
            data={recap.chart}
            margin={{ top: 18, right: 12, bottom: 0, left: 0 }}
            throttledEvents={THROTTLED_EVENTS}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="t"
              type="number"
              domain={[first, last]}
              tickFormatter={(t: number) => clockSeconds(t * 1000)}
              tick={{ fontSize: 12, fill: 'var(--ink-3)' }}
              tickLine={false}
              axisLine={false}
            />
            <YAxis
              domain={[0, ticks.at(-1)!]}
              ticks={ticks}
              tickFormatter={tickLabel}
              tick={{ fontSize: 12, fill: 'var(--ink-3)' }}
              tickLine={false}
              axisLine={false}
              width={40}
            />
            {recap.moments.map(({ at, label }, index) => (
              <ReferenceLine
                key={`${at}${label}`}
                x={at / 1000}
                stroke="var(--pattern)"
                strokeDasharray="3 2"
                label={{ value: index + 1, position: 'top', fontSize: 12, fill: 'var(--pattern)', fontWeight: 700 }}
              />
            ))}
            <Tooltip
              isAnimationActive={false}
              content={<ChartTooltip unit="ms" time={(t) => clockSeconds(t * 1000)} />}
            />
            <Line dataKey="p95" stroke="var(--act)" strokeWidth={1.8} dot={false} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <ol className={styles.moments}>
        {recap.moments.map(({ at, label }) => (
          <li key={`${at}${label}`}>
            {label} <span>{clockSeconds(at)}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
