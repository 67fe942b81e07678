import type { BehaviourOrder } from './drivers/admin-port.ts';
import type { FaultType } from './fault-type.ts';

/** The third party is in trouble: part of its answers are 503. */
export const bankFailing: FaultType = {
  id: 'bank-failing',
  title: 'Failing dependency',
  category: 'dependency',
  summary: 'Part of the calls to the service are answered with 503.',
  targets: ['service'],
  parameters: [{ name: 'percent', label: 'Share of calls', unit: '%', min: 1, max: 100, default: 50 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['failed'],
  carriers: [{ driver: 'admin-port', order: (parameters): BehaviourOrder => ({ behaviour: 'failing', parameters }) }],
};
