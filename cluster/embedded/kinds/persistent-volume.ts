import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { accessModesCell, phaseCell, validateStorage } from './storage.ts';
import type { PersistentVolume } from './types.ts';

/** Keeps a volume that is deleted as long as it is bound. */
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';

/** What of a volume's spec says where it is, rather than how it is used. */
function sourceOf(spec: PersistentVolume['spec']): object {
  const usage =
    /^(accessModes|capacity|claimRef|mountOptions|nodeAffinity|persistentVolumeReclaimPolicy|storageClassName|volume.*)$/;
  return Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => !usage.test(field)));
}

export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  shortNames: ['pv'],
  namespaced: false,
  answersDeleted: true,
  status: true,
  columns: [
    nameColumn,
    column('Capacity', ({ spec }) => spec?.capacity?.storage ?? ''),
    column('Access Modes', ({ spec }) => accessModesCell(spec?.accessModes)),
    column('Reclaim Policy', ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? ''),
    column('Status', phaseCell),
    column('Claim', ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')),
    column('StorageClass', ({ spec }) => spec?.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>'),
    column('Reason', ({ status }) => status?.reason ?? ''),
    ageColumn,
    column('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', true),
  ],

  onCreate(draft) {
    draft.status = { phase: 'Pending' };
    draft.metadata.finalizers = [...new Set([...(draft.metadata.finalizers ?? []), VOLUME_PROTECTION])];
  },

  validate({ spec }, errors) {
    validateStorage(spec?.accessModes, 'spec.capacity', spec?.capacity, errors);
    const sources = Object.keys(sourceOf(spec));
    if (sources.length === 0) errors.required('spec', 'must specify a volume type');
    for (const source of sources.slice(1)) {
      errors.forbidden(`spec.${source}`, 'may not specify more than 1 volume type');
    }
    if (spec?.local && !spec.nodeAffinity) errors.required('spec.nodeAffinity', 'Local volume requires node affinity');
  },

  validateUpdate({ spec }, old, errors) {
    if (isDeepStrictEqual(sourceOf(spec), sourceOf(old.spec))) return;
    errors.forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation');
  },
});
