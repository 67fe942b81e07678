import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { Namespace } from './types.ts';

export const namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  model: 'V1Namespace',
  names: 'label',
  status: true,
  generation: false,
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
  held: ({ spec }) => Boolean(spec?.finalizers?.length),

  onUpdate(draft, old) {
    draft.spec = old.spec;
  },
});
