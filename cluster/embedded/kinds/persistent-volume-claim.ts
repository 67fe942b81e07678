import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { accessModesCell, phaseCell, validateStorage } from './storage.ts';
import type { PersistentVolumeClaim } from './types.ts';

/** Keeps a claim that is deleted as long as a pod uses it. */
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';

/** Where the scheduler says which node the first pod goes to that wants a claim of a class that waits for it. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

type Claim = PersistentVolumeClaim;

export const persistentVolumeClaim = defineKind<Claim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  shortNames: ['pvc'],
  namespaced: true,
  answersDeleted: true,
  status: true,
  columns: [
    nameColumn,
    column('Status', phaseCell),
    column('Volume', ({ spec }) => spec?.volumeName ?? ''),
    column('Capacity', ({ spec, status }) => (spec?.volumeName && status?.capacity?.storage) || ''),
    column('Access Modes', ({ spec, status }) => (spec?.volumeName ? accessModesCell(status?.accessModes) : '')),
    column('StorageClass', ({ spec }) => spec?.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    column('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', true),
  ],

  onCreate(draft) {
    draft.status = { phase: 'Pending' };
    draft.metadata.finalizers = [...new Set([...(draft.metadata.finalizers ?? []), CLAIM_PROTECTION])];
  },

  validate({ spec }, errors) {
    validateStorage(spec?.accessModes, 'spec.resources', spec?.resources?.requests, errors);
  },

  validateUpdate({ spec }, old, errors) {
    // What binding fills in.
    const open = { volumeName: old.spec?.volumeName ?? spec?.volumeName, storageClassName: old.spec?.storageClassName };
    if (isDeepStrictEqual(spec, JSON.parse(JSON.stringify({ ...old.spec, ...open })))) return;
    errors.forbidden(
      'spec',
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    );
  },
});
