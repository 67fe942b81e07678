import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** What retries are for: it is over after so many failures, and does nothing for the rest of its lease. */
export const httpFailFirst: FaultType = {
  id: 'http-fail-first',
  title: 'Fail first',
  category: 'http',
  summary: 'The first HTTP requests are answered with an error status; all others get through.',
  targets: ['edge'],
  parameters: [
    { name: 'requests', label: 'Requests', unit: '', min: 1, max: 10000, default: 10 },
    { name: 'status', label: 'Status', unit: '', min: 400, max: 599, default: 503 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['failed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ requests = 1, status = 503 }): StreamFault => ({
        type: 'http-fail-first',
        attributes: { requests, status: Math.round(status) },
      }),
    },
  ],
};
