import type { StreamFault } from '../network-faults/index.ts';
import type { FaultType } from './fault-type.ts';

/** Of a service, pod or node it parts their pods from all others; these still reach the machine, which is where they are watched from. */
export const networkPartition: FaultType = {
  id: 'network-partition',
  title: 'Partition',
  category: 'network',
  summary: 'Two sides do not reach each other: connecting gets no answer, open connections hang.',
  targets: ['edge', 'service', 'pod', 'node'],
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed', 'dropped'],
  carriers: [
    {
      driver: 'pod-network',
      order: (): StreamFault => ({ type: 'partition', attributes: {} }),
    },
  ],
};
