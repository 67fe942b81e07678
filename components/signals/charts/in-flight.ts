import type { ChartDefinition } from '../chart-definition.ts';

/** Requests that orders is working on or keeps waiting: where a slow dependency piles up. */
export const inFlight: ChartDefinition = {
  id: 'in-flight',
  title: 'In-flight at orders',
  unit: 'requests',
  signal: 'orders',
  headline: (point) => point.inFlight,
  lines: [{ name: 'in flight', colour: '--pattern', value: (point) => point.inFlight, filled: true }],
  atLeast: 10,
};
