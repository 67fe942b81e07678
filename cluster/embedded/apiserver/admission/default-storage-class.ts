import { isDefaultClass } from '../../kinds/storage-class.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../kinds/types.ts';
import type { AdmissionPlugin } from './admission.ts';

/** A claim that says nothing of its class is of the default one; `storageClassName: ""` means none. Of several, the newest counts. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit(draft, { operation, kind, subresource }, registry) {
    if (operation !== 'CREATE' || kind.kind !== 'PersistentVolumeClaim' || subresource) return;
    const { spec } = draft as PersistentVolumeClaim;
    if (!spec || spec.storageClassName !== undefined) return;
    const classes = (registry.kind('StorageClass').list() as StorageClass[]).filter(isDefaultClass);
    const newest = classes.sort((a, b) => (a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? 1 : -1))[0];
    if (newest) spec.storageClassName = newest.metadata.name;
  },
};
