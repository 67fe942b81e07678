import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Lease } from './types.ts';

/** Where each kubelet renews a Lease named as its node. */
export const NODE_LEASES = 'kube-node-lease';

export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  model: 'V1Lease',
  names: 'subdomain',
  status: false,
  generation: false,
  columns: [nameColumn, column('Holder', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],

  validate({ spec }, errors) {
    errors.range('spec.leaseDurationSeconds', spec?.leaseDurationSeconds, 1);
    errors.range('spec.leaseTransitions', spec?.leaseTransitions, 0);
  },
});
