import { ageColumn, column, tally, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import type { ControllerRevision } from './types.ts';

/** What a StatefulSet or DaemonSet ran at some time; `kubectl rollout history` and `undo` read it. */
export const controllerRevision = defineKind<ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  namespaced: true,
  columns: [
    nameColumn,
    column('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller);
      if (!owner) return '<none>';
      const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
      return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
    }),
    tally('Revision', ({ revision }) => revision),
    ageColumn,
  ],

  validateUpdate: ({ data }, old, errors) => errors.immutable('data', data, old.data),
});
