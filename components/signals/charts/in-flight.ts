import type { ChartDefinition } from '../chart-definition.ts';

/** Requests that a service works on or keeps waiting: where a slow dependency piles up. Of the selected one, else of all at the entry. */
export const inFlight: ChartDefinition = {
  id: 'in-flight',
  title: 'In flight',
  unit: 'requests',
  signal: ({ services }, selected) => {
    const reporting = services.filter((service) => service.inFlight !== null);
    return (reporting.find(({ name }) => name === selected) ?? reporting.find(({ entry }) => entry))?.name ?? null;
  },
  headline: (point) => point.inFlight,
  lines: [{ name: 'in flight', colour: '--pattern', value: (point) => point.inFlight, filled: true }],
  atLeast: 10,
};
