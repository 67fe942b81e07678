import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column } from './columns.ts';
import { defineKind } from './kind.ts';
import type { StorageClass } from './types.ts';

/** Whether claims that name no class are of this one. */
export function isDefaultClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}

export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  answersDeleted: true,
  columns: [
    column('Name', (it: StorageClass) => it.metadata.name + (isDefaultClass(it) ? ' (default)' : '')),
    column('Provisioner', ({ provisioner }) => provisioner),
    column('ReclaimPolicy', ({ reclaimPolicy = 'Delete' }) => reclaimPolicy),
    column('VolumeBindingMode', ({ volumeBindingMode = 'Immediate' }) => volumeBindingMode),
    column('AllowVolumeExpansion', ({ allowVolumeExpansion = false }) => allowVolumeExpansion),
    ageColumn,
  ],

  validateUpdate(draft, old, errors) {
    for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const) {
      if (!isDeepStrictEqual(draft[field], old[field])) errors.forbidden(field, `updates to ${field} are forbidden.`);
    }
  },
});
