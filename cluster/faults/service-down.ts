import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** As after the death of its machine: its pods go on, and nobody reaches them. A third party's pods are not ours to kill. */
export const serviceDown: FaultType = {
  id: 'service-down',
  title: 'Service down',
  category: 'dependency',
  summary: 'Connections to the service are refused, those that stand are reset.',
  targets: ['service', 'edge'],
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['dropped'],
  carriers: [{ driver: 'pod-network', order: (): StreamFault => ({ type: 'refuse', attributes: {} }) }],
};
