import type { DeploymentEdit } from './drivers/deployment-edit.ts';
import type { FaultType } from './fault-type.ts';

/** Somebody changes a number in the environment of a Deployment by hand, past the desired state: its pods roll, and behave otherwise. */
export const driftSetting: FaultType = {
  id: 'drift-setting',
  title: 'Drift: a setting changed by hand',
  category: 'cluster',
  summary: 'Somebody changes one number in the environment of the Deployment, chosen by lot, past the desired state.',
  targets: ['service'],
  whole: 'deployment',
  parameters: [{ name: 'toPercent', label: 'To this part of it', unit: '%', min: 1, max: 1_000, default: 10 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['killed'],
  carriers: [
    { driver: 'deployment-edit', order: ({ toPercent = 10 }): DeploymentEdit => ({ settingPercent: toPercent }) },
  ],
};
