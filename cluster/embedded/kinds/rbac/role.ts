import { column, nameColumn } from '../columns.ts';
import { defineKind } from '../kind.ts';
import type { Role } from '../types.ts';

export const RBAC = 'rbac.authorization.k8s.io';

/** Roles of a namespace, and those of the whole cluster, differ in where they are. */
const definition = (kind: string, namespaced: boolean) =>
  defineKind<Role>({
    group: RBAC,
    kind,
    namespaced,
    createOnUpdate: true,
    names: 'path',
    columns: [
      nameColumn,
      { ...column('Created At', ({ metadata }) => metadata.creationTimestamp ?? ''), type: 'date' },
    ],

    validate({ rules }, errors) {
      for (const [index, rule] of (rules ?? []).entries()) {
        const path = `rules[${index}]`;
        const { nonResourceURLs, resources, apiGroups } = rule;
        if (nonResourceURLs?.length) {
          if (namespaced) {
            const detail = 'namespaced rules cannot apply to non-resource URLs';
            errors.invalid(`${path}.nonResourceURLs`, nonResourceURLs, detail);
          }
          if (resources?.length || apiGroups?.length) {
            const detail = 'rules cannot apply to both regular resources and non-resource URLs';
            errors.invalid(`${path}.nonResourceURLs`, nonResourceURLs, detail);
          }
          continue;
        }
        if (!apiGroups?.length) {
          errors.required(`${path}.apiGroups`, 'resource rules must supply at least one api group');
        }
        if (!resources?.length)
          errors.required(`${path}.resources`, 'resource rules must supply at least one resource');
      }
    },
  });

export const role = definition('Role', true);
export const clusterRole = definition('ClusterRole', false);
