import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Connections break in the middle of calls. Where the answer is cut, the callee has done its work and the caller cannot know. */
export const edgeReset: FaultType = {
  id: 'edge-reset',
  title: 'Connection reset',
  category: 'network',
  summary: 'Part of the calls end with a reset of their connection.',
  targets: ['edge', 'service'],
  parameters: [
    { name: 'percent', label: 'Share of calls', unit: '%', min: 1, max: 100, default: 20 },
    { name: 'answeredPercent', label: 'Of these, cut at the answer', unit: '%', min: 0, max: 100, default: 50 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['dropped'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ percent = 1, answeredPercent = 0 }): StreamFault => ({
        type: 'reset',
        attributes: { percent, answeredPercent },
      }),
    },
  ],
};
