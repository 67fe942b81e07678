import type { Api } from '../../apiserver/api.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../kinds/types.ts';
import { isAlreadyExists, orNull } from '../../reconcile/api-errors.ts';

/** The one provisioner there is: a volume is a folder of the nodes' file system. */
export const FOLDER_PROVISIONER = 'breakwater.dev/folder';

const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/** The class that a cluster comes with; it waits for a pod, as those of kind and of most clouds do. */
const standard: StorageClass = {
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: FOLDER_PROVISIONER,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

/** Where there is none of that name, makes it; what people have said of theirs stays. */
export async function ensureStandardClass(api: Api): Promise<void> {
  if (!(await orNull(api.get('StorageClass', 'standard')))) await api.create('StorageClass', standard);
}

/** What the volume is called that is made for a claim. */
export function provisionedName({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata.uid}`;
}

/** Makes a volume for a claim; the kubelet makes its folder when a pod first wants it. Answers its name. */
export async function provision(api: Api, claim: PersistentVolumeClaim, of: StorageClass): Promise<string> {
  const { name, namespace, uid } = claim.metadata;
  const volume = provisionedName(claim);
  const created: PersistentVolume = {
    metadata: { name: volume, annotations: { [provisionedBy]: FOLDER_PROVISIONER } },
    spec: {
      accessModes: claim.spec?.accessModes,
      capacity: { storage: claim.spec!.resources!.requests!.storage! },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      hostPath: { path: `/persistent-volumes/${namespace}_${name}_${volume}`, type: 'DirectoryOrCreate' },
      persistentVolumeReclaimPolicy: of.reclaimPolicy,
      storageClassName: of.metadata.name,
      volumeMode: claim.spec?.volumeMode,
    },
  };
  await api.create('PersistentVolume', created).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  return volume;
}

/** The folder of a volume that was made here; undefined for somebody's own, which is not ours to remove. */
export function folderOf({ metadata, spec }: PersistentVolume): string | undefined {
  return metadata.annotations?.[provisionedBy] === FOLDER_PROVISIONER ? spec?.hostPath?.path : undefined;
}
