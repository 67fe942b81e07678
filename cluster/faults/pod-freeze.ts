import type { ProcessEffect } from './drivers/driver.ts';
import type { FaultType } from './fault-type.ts';

/** All processes of a pod stop where they are, and go on later as if nothing had been. */
export const podFreeze: FaultType = {
  id: 'pod-freeze',
  title: 'Freeze',
  category: 'process',
  summary: 'Its processes are stopped (SIGSTOP): connections are taken, and nobody answers.',
  targets: ['service', 'pod', 'node'],
  parameters: [],
  duration: { default: 30, max: 900 },
  share: 'one',
  counts: [],

  carriers: [{ driver: 'pod-processes', order: (): ProcessEffect => ({ type: 'freeze' }) }],
};
