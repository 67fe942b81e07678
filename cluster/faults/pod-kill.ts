import type { FaultType } from './fault-type.ts';

/** Pods die at once, without a chance to drain; their Deployment replaces them. Of a node: those of its scope there. There is nothing to undo. */
export const podKill: FaultType = {
  id: 'pod-kill',
  title: 'Kill a pod',
  category: 'process',
  summary: 'The pod is killed without a grace period; its Deployment starts another.',
  targets: ['pod', 'service', 'node'],
  parameters: [],
  duration: { default: 0, max: 0 },
  share: 'one',
  counts: ['killed'],
  carriers: [{ driver: 'pod-deletion', order: () => null }],
};
