import type { Killing } from './drivers/pod-deletion.ts';
import type { FaultType } from './fault-type.ts';

/** Pods die at once, and so do those that replace them, one round every few seconds. */
export const podKillRepeated: FaultType = {
  id: 'pod-kill-repeated',
  title: 'Kill pods repeatedly',
  category: 'process',
  summary: 'Pods are killed without a grace period, again and again; which ones is decided anew each time.',
  targets: ['service', 'node'],
  parameters: [{ name: 'everySeconds', label: 'One round every', unit: 's', min: 1, max: 300, default: 10 }],
  duration: { default: 60, max: 900 },
  share: 'one',
  counts: ['killed'],
  carriers: [{ driver: 'pod-deletion', order: ({ everySeconds = 10 }): Killing => ({ everyMs: everySeconds * 1000 }) }],
};
