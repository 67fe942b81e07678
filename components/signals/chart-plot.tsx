'use client';
import { useMemo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line as RechartsLine,
  ResponsiveContainer,
  Tooltip,
  usePlotArea,
  XAxis,
  YAxis,
} from 'recharts';
import type { Mark, SignalPoint } from '../../server/contract/signals.ts';
import { clockSeconds } from '../ui/quantity.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { ChartDefinition } from './chart-definition.ts';
import { THROTTLED_EVENTS } from './throttled-events.ts';
import { axisTicks, markTone, SHOWN_SECONDS, tickLabel, windowMarks, windowRows } from './window.ts';

export interface ChartPlotProps {
  chart: ChartDefinition;
  points: readonly SignalPoint[];
  marks: readonly Mark[];
  /** Unix seconds at the right edge, the same for all charts. */
  end: number;
}

/**
 * Lines, axes and marks of one chart. Hover is shared by all charts of the page. What recharts is given stays the same
 * from second to second, but for the rows: it works through every part of a chart that is another object than before.
 */
export function ChartPlot({ chart, points, marks, end }: ChartPlotProps) {
  const rows = useMemo(() => windowRows(points, chart.lines, end), [points, chart, end]);
  const highest = Math.max(0, ...rows.flatMap((row) => chart.lines.map(({ name }) => row[name] ?? 0)));
  const top = axisTicks(highest, chart.atLeast).at(-1)!;
  const ticks = useMemo(() => axisTicks(top, chart.atLeast), [top, chart]);
  const reach = useMemo(() => [0, top], [top]);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 190, height: 104 }}>
      <ComposedChart data={rows} syncId="signals" syncMethod="value" margin={MARGIN} throttledEvents={THROTTLED_EVENTS}>
        <CartesianGrid vertical={false} stroke="var(--line)" strokeWidth={0.8} />
        <XAxis
          dataKey="t"
          type="number"
          domain={ENDS}
          ticks={ENDS}
          tick={endTick}
          tickLine={false}
          axisLine={false}
          height={18}
          interval={0}
        />
        <YAxis
          domain={reach}
          ticks={ticks}
          tickFormatter={tickLabel}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={32}
        />
        <Marks marks={marks} end={end} />
        <Tooltip
          isAnimationActive={false}
          cursor={CURSOR}
          content={<ChartTooltip unit={chart.unit} time={(t) => clockSeconds((end + t) * 1000)} />}
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

const MARGIN = { top: 6, right: 6, bottom: 0, left: 0 };
const ENDS = [-SHOWN_SECONDS, 0];
const TICK = { fontSize: 11, fill: 'var(--ink-3)' };
const CURSOR = { stroke: 'var(--line-strong)' };
const drawn = { isAnimationActive: false, dot: false, activeDot: { r: 3 }, strokeWidth: 1.7, type: 'linear' } as const;

/** The two words under a chart stand inside its ends. */
function endTick({ x, y, payload }: { x: number | string; y: number | string; payload: { value: number } }) {
  const last = payload.value === 0;
  return (
    <text x={Number(x)} y={Number(y) + 6} {...TICK} textAnchor={last ? 'end' : 'start'}>
      {last ? 'now' : `−${SHOWN_SECONDS} s`}
    </text>
  );
}

/** A line for each fault and each change. Recharts' own reference lines cost a round through the whole chart each. */
function Marks({ marks, end }: Pick<ChartPlotProps, 'marks' | 'end'>) {
  const area = usePlotArea();
  if (!area) return null;
  return windowMarks(marks, end).map(({ id, at, kind }) => {
    const x = area.x + Math.min(1, 1 - (end - at / 1000) / SHOWN_SECONDS) * area.width;
    return (
      <line
        key={id}
        {...{ x1: x, x2: x, y1: area.y, y2: area.y + area.height }}
        stroke={markTone(kind) === 'fault' ? 'var(--bad)' : 'var(--pattern)'}
        strokeWidth={1.2}
        strokeDasharray={kind === 'fault-end' ? '1 3' : '3 2'}
      />
    );
  });
}
