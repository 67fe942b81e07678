import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Who has closed its connection is believed to be there for a while. */
export const edgeSlowClose: FaultType = {
  id: 'edge-slow-close',
  title: 'Slow close',
  category: 'network',
  summary: 'The end of a connection is told late, of callers that give up and of pods that go: places stay taken.',
  targets: ['edge', 'service'],
  parameters: [{ name: 'delayMs', label: 'Delay of the end', unit: 'ms', min: 100, max: 60000, default: 10000 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ delayMs = 100 }): StreamFault => ({ type: 'slow-close', attributes: { delayMs } }),
    },
  ],
};
