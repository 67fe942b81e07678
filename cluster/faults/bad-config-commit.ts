import type { ConfigCommit } from './config-commit.ts';
import type { FaultType } from './fault-type.ts';

/** The like of drift in the desired state itself, where self-heal keeps it: to get rid of it, somebody has to revert the commit. */
export const badConfigCommit: FaultType = {
  id: 'bad-config-commit',
  title: 'Bad config commit',
  category: 'cluster',
  summary:
    'Somebody commits another number, chosen by lot, for the environment of the Deployment; at the end that commit is reverted. At 0 % many crash at their start.',
  targets: ['service'],
  whole: 'deployment',
  parameters: [{ name: 'toPercent', label: 'To this part of it', unit: '%', min: 0, max: 1_000, default: 10 }],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['killed'],
  carriers: [{ driver: 'config-commit', order: ({ toPercent = 10 }): ConfigCommit => ({ settingPercent: toPercent }) }],
};
