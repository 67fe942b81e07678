import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Bytes on one edge travel slowly, both ways, below anything the services can see. */
export const edgeLatency: FaultType = {
  id: 'edge-latency',
  title: 'Slow network',
  category: 'network',
  summary: 'Everything sent over one edge is held back, in each direction.',
  targets: ['edge', 'service'],
  parameters: [
    { name: 'delayMs', label: 'Delay each way', unit: 'ms', min: 1, max: 10_000, default: 200 },
    { name: 'jitterMs', label: 'Jitter', unit: 'ms', min: 0, max: 5_000, default: 50 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ delayMs = 0, jitterMs = 0 }): StreamFault => ({ type: 'latency', attributes: { delayMs, jitterMs } }),
    },
  ],
};
