import { ageColumn, column, count, nameColumn, selectorText, templateColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { defaultTemplate } from './pod-spec/defaults.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { ReplicaSet } from './types.ts';

export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  scale: true,
  fields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  columns: [
    nameColumn,
    count('Desired', ({ spec }) => spec?.replicas),
    count('Current', ({ status }) => status?.replicas),
    count('Ready', ({ status }) => status?.readyReplicas),
    ageColumn,
    ...templateColumns<ReplicaSet>(({ spec }) => spec?.template?.spec),
    column('Selector', ({ spec }) => selectorText(spec?.selector), true),
  ],

  defaults: ({ spec }) => defaultTemplate(spec),

  onCreate(draft) {
    draft.status = { replicas: 0 };
  },

  validate({ spec }, errors) {
    validateWorkload(spec as Parameters<typeof validateWorkload>[0], errors);
  },

  validateUpdate: ({ spec }, old, errors) => errors.immutable('spec.selector', spec?.selector, old.spec?.selector),
});
