import type { BehaviourOrder } from './drivers/admin-port.ts';
import type { FaultType } from './fault-type.ts';

/** On top of the rate that is set, by the same journeys. */
export const loadSpike: FaultType = {
  id: 'load-spike',
  title: 'Spike',
  category: 'load',
  summary: 'Many times more customers come, all of a sudden.',
  targets: ['service'],
  parameters: [{ name: 'times', label: 'Load', unit: 'times', min: 2, max: 10, default: 4 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['sent'],
  carriers: [{ driver: 'admin-port', order: (parameters): BehaviourOrder => ({ behaviour: 'spike', parameters }) }],
};
