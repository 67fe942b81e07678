import type { ChartDefinition } from '../chart-definition.ts';

/** Requests the gateway answered, each second. */
export const throughput: ChartDefinition = {
  id: 'throughput',
  title: 'Throughput',
  unit: 'req/s',
  signal: 'gateway',
  headline: (point) => point.count,
  lines: [{ name: 'answered', colour: '--act', value: (point) => point.count, filled: true }],
  atLeast: 20,
};
