import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Where logs go is slow to take them: requests reach it late, whoever sends them. Traces and metrics go another way, and are in time. */
export const slowLogSink: FaultType = {
  id: 'slow-log-sink',
  title: 'Slow log store',
  category: 'logs',
  summary: 'Every request of a log agent gets to the store late.',
  targets: ['edge'],
  callee: 'log-store',
  parameters: [{ name: 'delayMs', label: 'Delay', unit: 'ms', min: 10, max: 30_000, default: 1_000 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  counted: 'request',
  carriers: [
    {
      driver: 'pod-network',
      order: ({ delayMs = 10 }): StreamFault => ({ type: 'http-delay', attributes: { delayMs, percent: 100 } }),
    },
  ],
};
