import type { FaultType } from './fault-type.ts';

/** Power cut: all that runs on the node dies, and its kubelet says nothing any more, until the node comes back. */
export const nodeDown: FaultType = {
  id: 'node-down',
  title: 'Node down',
  category: 'cluster',
  summary:
    'All pods of the node die at once, of other scopes too, and its kubelet falls silent. The cluster notices after 50 s, then evicts them.',
  targets: ['node'],
  whole: 'node',
  parameters: [],
  duration: { default: 120, max: 900 },
  share: '100%',
  counts: ['killed'],
  carriers: [{ driver: 'node-power', order: () => null }],
};
