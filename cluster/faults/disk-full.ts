import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** The volumes of a pod have no space left. */
export const diskFull: FaultType = {
  id: 'disk-full',
  title: 'Full disk of a pod',
  category: 'process',
  summary: 'What the pod writes to its volumes fails: no space left on device.',
  targets: ['service', 'pod', 'node'],
  parameters: [],
  duration: { default: 60, max: 900 },
  share: 'one',
  counts: ['failed'],
  counted: 'write',
  carriers: [{ driver: 'pod-processes', order: (): ProcessEffect => ({ type: 'disk-full' }) }],
};
