'use client';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line as RechartsLine,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Mark, SignalPoint } from '../../server/contract/signals.ts';
import { clockSeconds } from '../ui/quantity.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { ChartDefinition } from './chart-definition.ts';
import { axisTicks, markTone, SHOWN_SECONDS, tickLabel, windowMarks, windowRows } from './window.ts';

export interface ChartPlotProps {
  chart: ChartDefinition;
  points: readonly SignalPoint[];
  marks: readonly Mark[];
  /** Unix seconds at the right edge, the same for all charts. */
  end: number;
}

/** Lines, axes and marks of one chart. Hover is shared by all charts of the page. */
export default function ChartPlot({ chart, points, marks, end }: ChartPlotProps) {
  const rows = windowRows(points, chart.lines, end);
  const highest = Math.max(0, ...rows.flatMap((row) => chart.lines.map(({ name }) => row[name] ?? 0)));
  const ticks = axisTicks(highest, chart.atLeast);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 190, height: 104 }}>
      <ComposedChart data={rows} syncId="signals" syncMethod="value" margin={{ top: 6, right: 6, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" strokeWidth={0.8} />
        <XAxis
          dataKey="t"
          type="number"
          domain={[end - SHOWN_SECONDS, end]}
          ticks={[end - SHOWN_SECONDS, end]}
          tickFormatter={(t: number) => (t === end ? 'now' : `−${SHOWN_SECONDS} s`)}
          tick={<EndTick first={end - SHOWN_SECONDS} />}
          tickLine={false}
          axisLine={false}
          height={18}
          interval={0}
        />
        <YAxis
          domain={[0, ticks.at(-1)!]}
          ticks={ticks}
          tickFormatter={tickLabel}
          tick={{ fontSize: 11, fill: 'var(--ink-3)' }}
          tickLine={false}
          axisLine={false}
          width={32}
        />
        {windowMarks(marks, end).map((mark) => (
          <ReferenceLine
            key={mark.id}
            x={mark.at / 1000}
            stroke={markTone(mark.kind) === 'fault' ? 'var(--bad)' : 'var(--pattern)'}
            strokeWidth={1.2}
            strokeDasharray={mark.kind === 'fault-end' ? '1 3' : '3 2'}
          />
        ))}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={<ChartTooltip unit={chart.unit} time={(t) => clockSeconds(t * 1000)} />}
        />
        {chart.lines.map(({ name, colour, filled, dash }) =>
          filled ? (
            <Area
              key={name}
              dataKey={name}
              stroke={`var(${colour})`}
              fill={`var(${colour})`}
              {...drawn}
              fillOpacity={0.12}
            />
          ) : (
            <RechartsLine key={name} dataKey={name} stroke={`var(${colour})`} strokeDasharray={dash} {...drawn} />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const drawn = { isAnimationActive: false, dot: false, activeDot: { r: 3 }, strokeWidth: 1.7, type: 'linear' } as const;

/** The two words under a chart stand inside its ends. */
function EndTick({ x, y, payload, tickFormatter, first }: { first: number } & Record<string, unknown>) {
  const t = (payload as { value: number }).value;
  return (
    <text x={Number(x)} y={Number(y) + 6} fontSize={11} fill="var(--ink-3)" textAnchor={t === first ? 'start' : 'end'}>
      {(tickFormatter as (t: number) => string)(t)}
    </text>
  );
}
