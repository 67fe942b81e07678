import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** The worst of failures: nothing fails. Only a timeout of the caller ends a call. */
export const edgeHang: FaultType = {
  id: 'edge-hang',
  title: 'Hang',
  category: 'network',
  summary: 'Connections are made and take what is sent; no answer ever comes.',
  targets: ['edge', 'service'],
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [
    {
      driver: 'pod-network',
      order: (): StreamFault => ({ type: 'hang', attributes: {} }),
    },
  ],
};
