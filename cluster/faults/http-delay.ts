import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Requests wait on their way to the callee; those of other connections pass them. */
export const httpDelay: FaultType = {
  id: 'http-delay',
  title: 'Late requests',
  category: 'http',
  summary: 'Part of the HTTP requests get to the callee late.',
  targets: ['edge'],
  parameters: [
    { name: 'delayMs', label: 'Delay', unit: 'ms', min: 1, max: 30000, default: 2000 },
    { name: 'percent', label: 'Share of requests', unit: '%', min: 1, max: 100, default: 30 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ delayMs = 1, percent = 1 }): StreamFault => ({ type: 'http-delay', attributes: { delayMs, percent } }),
    },
  ],
};
