import { decimal } from '../ui/quantity.ts';
import styles from './signals.module.css';

export interface ChartTooltipProps {
  unit: string;
  time: (x: number) => string;
  /** Given by recharts. */
  active?: boolean;
  payload?: readonly { name?: string; value?: number | null; color?: string; payload?: { t: number } }[];
}

/** The values under the pointer, each with its name and unit. */
export function ChartTooltip({ unit, time, active, payload }: ChartTooltipProps) {
  const first = payload?.[0]?.payload;
  if (!active || !first) return null;
  return (
    <div className={styles.tooltip}>
      <span>{time(first.t)}</span>
      {payload.map(({ name, value, color }) => (
        <div key={name}>
          <i style={{ background: color }} />
          {name} <b>{value === null || value === undefined ? '–' : `${decimal(value)} ${unit}`}</b>
        </div>
      ))}
    </div>
  );
}
