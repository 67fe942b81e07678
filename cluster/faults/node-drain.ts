import type { FaultType } from './fault-type.ts';

/** Maintenance: the node takes no new pods, and those of the scope are evicted from it, as far as their disruption budgets permit. */
export const nodeDrain: FaultType = {
  id: 'node-drain',
  title: 'Drain a node',
  category: 'cluster',
  summary:
    'The node is cordoned and its pods are evicted, with respect to PodDisruptionBudgets; at the end it takes pods again.',
  targets: ['node'],
  whole: 'node',
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['killed'],
  carriers: [{ driver: 'node-drain', order: () => null }],
};
