import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import type { RoleBinding } from '../types.ts';
import { RBAC } from './role.ts';

const subjectsOf = (binding: RoleBinding, wanted: string) =>
  (binding.subjects ?? [])
    .filter(({ kind }) => kind === wanted)
    .map(({ name, namespace }) => (namespace ? `${namespace}/${name}` : name))
    .join(', ');

/** Bindings in a namespace, and those in the whole cluster, differ in where they are and what they may refer to. */
const definition = (kind: string, namespaced: boolean) =>
  defineKind<RoleBinding>({
    group: RBAC,
    kind,
    namespaced,
    createOnUpdate: true,
    names: 'path',
    columns: [
      nameColumn,
      column('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
      ageColumn,
      column('Users', (binding) => subjectsOf(binding, 'User'), true),
      column('Groups', (binding) => subjectsOf(binding, 'Group'), true),
      column('ServiceAccounts', (binding) => subjectsOf(binding, 'ServiceAccount'), true),
    ],

    defaults({ roleRef, subjects }) {
      if (roleRef) roleRef.apiGroup ||= RBAC;
      for (const subject of subjects ?? []) if (subject.kind !== 'ServiceAccount') subject.apiGroup ||= RBAC;
    },

    validate({ roleRef, subjects }, errors) {
      errors.oneOf('roleRef.kind', roleRef?.kind ?? '', namespaced ? ['ClusterRole', 'Role'] : ['ClusterRole']);
      for (const [index, subject] of (subjects ?? []).entries()) {
        const isAccount = subject.kind === 'ServiceAccount';
        if (isAccount && !namespaced && !subject.namespace) errors.required(`subjects[${index}].namespace`);
        errors.oneOf(`subjects[${index}].apiGroup`, subject.apiGroup ?? '', [isAccount ? '' : RBAC]);
      }
    },

    validateUpdate({ roleRef }, old, errors) {
      if (!isDeepStrictEqual(roleRef, old.roleRef)) errors.invalid('roleRef', roleRef, 'cannot change roleRef');
    },
  });

export const roleBinding = definition('RoleBinding', true);
export const clusterRoleBinding = definition('ClusterRoleBinding', false);
