import type { ChartDefinition } from '../chart-definition.ts';

/** What customers wait, from the moment a request was due; the large figure is p95. */
export const latency: ChartDefinition = {
  id: 'latency',
  title: 'Latency p50·p95·p99',
  unit: 'ms',
  signal: 'customer',
  headline: (point) => point.p95,
  lines: [
    { name: 'p99', colour: '--bad', value: (point) => point.p99, dash: '2 2' },
    { name: 'p95', colour: '--warn', value: (point) => point.p95 },
    { name: 'p50', colour: '--act', value: (point) => point.p50 },
  ],
  atLeast: 100,
};
