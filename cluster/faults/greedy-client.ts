import type { BehaviourOrder } from './drivers/admin-port.ts';
import type { FaultType } from './fault-type.ts';

/** It looks at products, logged in as the first of the customers, so that a limit per client can tell it from the others. */
export const greedyClient: FaultType = {
  id: 'greedy-client',
  title: 'Greedy client',
  category: 'load',
  summary: 'One customer alone asks for more than all others.',
  targets: ['service'],
  parameters: [{ name: 'rate', label: 'Rate', unit: 'requests/s', min: 1, max: 300, default: 150 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['sent'],
  carriers: [
    { driver: 'admin-port', order: (parameters): BehaviourOrder => ({ behaviour: 'greedy-client', parameters }) },
  ],
};
