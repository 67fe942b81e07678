import type { DeploymentEdit } from './drivers/deployment-edit.ts';
import type { FaultType } from './fault-type.ts';

/** A new revision cannot start, and crashes again and again; whether customers notice is up to how it is rolled out. */
export const badRelease: FaultType = {
  id: 'bad-release',
  title: 'Bad release',
  category: 'process',
  summary: 'A revision that crashes at its start (PORT is no number) is rolled out; at the end it is rolled back.',
  targets: ['service'],
  whole: 'deployment',
  parameters: [],
  duration: { default: 60, max: 900 },
  share: '100%',
  counts: ['killed'],
  carriers: [{ driver: 'deployment-edit', order: (): DeploymentEdit => ({ release: 'broken' }) }],
};
