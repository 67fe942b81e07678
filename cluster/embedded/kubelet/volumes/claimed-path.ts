import type { Api } from '../../apiserver/api.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import type { HostPath } from './folders.ts';

/** Where the volume is that a claim is bound to. Throws an Error that says why it cannot be had, in the kubelet's words. */
export async function claimedPath(api: Api, namespace: string, name: string): Promise<HostPath> {
  const claim = await orNull(api.get('PersistentVolumeClaim', name, namespace));
  if (!claim) throw new Error(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (claim.metadata.deletionTimestamp) throw new Error('PVC is being deleted');
  const { volumeName } = claim.spec ?? {};
  if (claim.status?.phase !== 'Bound' || !volumeName) throw new Error('PVC is not bound');
  const volume = await orNull(api.get('PersistentVolume', volumeName));
  if (!volume)
    throw new Error(`failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`);
  if (volume.spec?.claimRef?.uid !== claim.metadata.uid) throw new Error(`PV ${volumeName} is bound to another claim`);
  const { hostPath, local } = volume.spec ?? {};
  if (hostPath) return hostPath;
  if (local) return { path: local.path, type: 'Directory' };
  throw new Error(`PV ${volumeName} is of a kind that this cluster does not have; there are hostPath and local`);
}
