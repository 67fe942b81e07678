import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** As a proxy before the callee would answer: the callee never gets the request. */
export const httpStatus: FaultType = {
  id: 'http-status',
  title: 'Error status',
  category: 'http',
  summary: 'Part of the HTTP requests are answered with an error status in place of the callee.',
  targets: ['edge'],
  parameters: [
    { name: 'status', label: 'Status', unit: '', min: 400, max: 599, default: 503 },
    { name: 'percent', label: 'Share of requests', unit: '%', min: 1, max: 100, default: 30 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['failed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ status = 503, percent = 1 }): StreamFault => ({
        type: 'http-status',
        attributes: { status: Math.round(status), percent },
      }),
    },
  ],
};
