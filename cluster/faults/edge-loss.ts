import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Packets are lost. TCP sends them again, so callers and callees see stalls, and connections that take seconds. */
export const edgeLoss: FaultType = {
  id: 'edge-loss',
  title: 'Lossy network',
  category: 'network',
  summary: 'Packets are lost: calls stall until TCP sends again, from 200 ms on; connecting takes 1, 3, 7 ... s.',
  targets: ['edge', 'service'],
  parameters: [{ name: 'percent', label: 'Packets lost', unit: '%', min: 1, max: 90, default: 10 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed', 'dropped'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ percent = 1 }): StreamFault => ({ type: 'loss', attributes: { percent } }),
    },
  ],
};
