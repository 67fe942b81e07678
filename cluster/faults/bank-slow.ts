import type { BehaviourOrder } from './drivers/admin-port.ts';
import type { FaultType } from './fault-type.ts';

/** The third party answers late: calls wait before it answers, whoever calls it. */
export const bankSlow: FaultType = {
  id: 'bank-slow',
  title: 'Slow dependency',
  category: 'dependency',
  summary: 'Part of the calls to the service are answered late.',
  targets: ['service'],
  parameters: [
    { name: 'delayMs', label: 'Delay', unit: 'ms', min: 0, max: 30_000, default: 3_000 },
    { name: 'percent', label: 'Share of calls', unit: '%', min: 1, max: 100, default: 60 },
  ],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['delayed'],
  carriers: [{ driver: 'admin-port', order: (parameters): BehaviourOrder => ({ behaviour: 'slow', parameters }) }],
};
