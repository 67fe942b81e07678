import type { ChartDefinition } from '../chart-definition.ts';

/** Requests of customers that ended, each second; those never sent count as ended. */
export const throughput: ChartDefinition = {
  id: 'throughput',
  title: 'Throughput',
  unit: 'req/s',
  signal: 'customer',
  headline: (point) => point.count,
  lines: [{ name: 'ended', colour: '--act', value: (point) => point.count, filled: true }],
  atLeast: 20,
};
