import type { BehaviourOrder } from './drivers/admin-port.ts';
import type { FaultType } from './fault-type.ts';

/** Only what fails is repeated: on a healthy shop it does next to nothing. */
export const retryStorm: FaultType = {
  id: 'retry-storm',
  title: 'Retry storm',
  category: 'load',
  summary: 'Customers send what has failed again, at once.',
  targets: ['service'],
  parameters: [{ name: 'repeats', label: 'Repeats', unit: 'requests', min: 1, max: 10, default: 3 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['sent'],
  carriers: [
    { driver: 'admin-port', order: (parameters): BehaviourOrder => ({ behaviour: 'retry-storm', parameters }) },
  ],
};
