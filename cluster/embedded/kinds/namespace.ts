import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { NODE_LEASES } from './lease.ts';
import type { Namespace } from './types.ts';

/** What the cluster itself lives in, and everybody's first. NamespaceLifecycle keeps the same ones upstream. */
const immortal = ['default', 'kube-public', 'kube-system'];

/** The namespaces every cluster has. */
export const systemNamespaces = [...immortal, NODE_LEASES];

export const namespace = defineKind<Namespace>({
  group: '',
  kind: 'Namespace',
  shortNames: ['ns'],
  namespaced: false,
  oneByOne: true,
  names: 'label',
  status: true,
  fields: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
  columns: [nameColumn, column('Status', (namespace) => namespace.status?.phase ?? ''), ageColumn],

  defaults(draft) {
    draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name };
  },

  // The finalizer in the spec is what holds the namespace until its contents are gone.
  onCreate(draft) {
    draft.spec = { finalizers: ['kubernetes'] };
    draft.status = { phase: 'Active' };
  },

  onDelete(draft) {
    draft.status = { ...draft.status, phase: 'Terminating' };
  },
  undeletable: ({ metadata }) => (immortal.includes(metadata.name) ? 'this namespace may not be deleted' : undefined),
  held: ({ spec }) => Boolean(spec?.finalizers?.length),

  onUpdate(draft, old) {
    draft.spec = old.spec;
  },
});
