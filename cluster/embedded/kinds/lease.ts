import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Lease } from './types.ts';

/** Where each kubelet renews a Lease named as its node. */
export const NODE_LEASES = 'kube-node-lease';

export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  namespaced: true,
  createOnUpdate: true,
  conditionalUpdate: true,
  columns: [nameColumn, column('Holder', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});
