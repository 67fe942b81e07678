import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** The name of the callee is not found by the caller; of a service as target, no name of the cluster by its pods. */
export const dnsFailure: FaultType = {
  id: 'dns-failure',
  title: 'Names not found',
  category: 'network',
  summary: 'Looking up the name of the callee fails: there is no such name, or no answer.',
  targets: ['edge', 'service'],
  parameters: [
    { name: 'percent', label: 'Share of look-ups', unit: '%', min: 1, max: 100, default: 100 },
    { name: 'waitMs', label: 'Silence before EAI_AGAIN; 0 for NXDOMAIN', unit: 'ms', min: 0, max: 20000, default: 0 },
    { name: 'cutPercent', label: 'Open connections cut at its start', unit: '%', min: 0, max: 100, default: 100 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['failed', 'dropped'],
  carriers: [
    {
      driver: 'pod-network',
      order: ({ percent = 1, waitMs = 0, cutPercent = 0 }): StreamFault => ({
        type: 'dns-failure',
        attributes: { percent, waitMs, cutPercent },
      }),
    },
  ],
};
