import type { DeploymentEdit } from './drivers/deployment-edit.ts';
import type { FaultType } from './fault-type.ts';

/** Somebody scales a Deployment by hand, past the desired state. Self-heal undoes it; else the end of the lease does. */
export const driftReplicas: FaultType = {
  id: 'drift-replicas',
  title: 'Drift: scaled by hand',
  category: 'cluster',
  summary: 'Somebody scales the Deployment past the desired state.',
  targets: ['service'],
  whole: 'deployment',
  parameters: [{ name: 'replicas', label: 'Replicas', unit: '', min: 0, max: 10, default: 0 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: [],
  carriers: [{ driver: 'deployment-edit', order: ({ replicas = 0 }): DeploymentEdit => ({ scale: replicas }) }],
};
