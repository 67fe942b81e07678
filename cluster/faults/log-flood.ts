import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** A pod logs far more than it should, as with debugging left on: the lines go where its service's own go. */
export const logFlood: FaultType = {
  id: 'log-flood',
  title: 'Log flood',
  category: 'logs',
  summary: 'A pod logs so many lines more, beside what its service logs.',
  targets: ['service', 'pod', 'node'],
  parameters: [{ name: 'linesPerSecond', label: 'Lines', unit: 'lines/s', min: 10, max: 2_000, default: 300 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['sent'],
  carriers: [
    {
      driver: 'pod-processes',
      order: ({ linesPerSecond = 10 }): ProcessEffect => ({ type: 'log-flood', linesPerSecond }),
    },
  ],
};
