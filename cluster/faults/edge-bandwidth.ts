import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Little fits through, each way and for each connection: large answers take their time, small calls hardly notice. */
export const edgeBandwidth: FaultType = {
  id: 'edge-bandwidth',
  title: 'Narrow network',
  category: 'network',
  summary: 'Each connection carries only so many bytes a second, each way.',
  targets: ['edge', 'service'],
  parameters: [{ name: 'kilobytesPerSecond', label: 'Bandwidth', unit: 'kB/s', min: 1, max: 10000, default: 20 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ kilobytesPerSecond = 1 }): StreamFault => ({ type: 'bandwidth', attributes: { kilobytesPerSecond } }),
    },
  ],
};
