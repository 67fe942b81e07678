import { ageColumn, column, count, nameColumn, selectorText, templateColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { defaultPodSpec } from './pod-spec/defaults.ts';
import { withoutEffect } from './pod-spec/no-effect.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { ReplicaSet } from './types.ts';

export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  model: 'V1ReplicaSet',
  names: 'subdomain',
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

  defaults({ spec }) {
    if (!spec) return;
    spec.replicas ??= 1;
    if (spec.template?.spec) defaultPodSpec(spec.template.spec);
  },

  onCreate(draft) {
    draft.status = { replicas: 0 };
  },

  validate({ spec }, errors) {
    validateWorkload(spec as Parameters<typeof validateWorkload>[0], errors);
  },

  withoutEffect: ({ spec }) => withoutEffect(spec?.template?.spec, 'spec.template.spec'),

  validateUpdate({ spec }, old, errors) {
    if (selectorText(spec?.selector) !== selectorText(old.spec?.selector)) {
      errors.invalid('spec.selector', spec?.selector, 'field is immutable');
    }
  },
});
