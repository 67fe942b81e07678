import type { Api } from '../../apiserver/api.ts';
import { VOLUME_PROTECTION } from '../../kinds/persistent-volume.ts';
import type { PersistentVolume } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { splitKey, type Running } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { ensureStandardClass, folderOf, provisionedName } from './provisioner.ts';

/** What removes a folder of the nodes' file system, with all that is in it. */
export type RemoveFolder = (path: string) => Promise<void>;

/** Says how each volume is, and does as its reclaim policy says once its claim is gone. */
export function startVolumeController({ api, removeFolder }: { api: Api; removeFolder: RemoveFolder }): Running {
  void ensureStandardClass(api).catch((error: unknown) => console.error('no class "standard":', error));
  const start = defineController({
    name: 'persistentvolume-reclaimer',
    for: 'PersistentVolume',
    // A claim that is deleted early may not have noticed what was made for it.
    maps: () => ({ PersistentVolumeClaim: (claim) => `/${claim.spec?.volumeName ?? provisionedName(claim)}` }),
    reconcile: (context, key) => reconcileVolume(context, key, removeFolder),
  });
  return start({ api });
}

export async function reconcileVolume(context: Context, key: string, removeFolder: RemoveFolder): Promise<void> {
  const { api } = context;
  const volume = await orNull(api.get('PersistentVolume', splitKey(key).name));
  if (!volume) return;
  const phase = await phaseOf(context, volume);
  if (phase !== 'Released' || volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') {
    const now = phase === volume.status?.phase ? volume : await writeStatus<'PersistentVolume'>(api, volume, { phase });
    if (now && phase !== 'Bound') await unprotect(context, now);
    return;
  }
  const folder = folderOf(volume);
  if (folder === undefined) return failed(context, volume);
  await removeFolder(folder);
  const released = await writeStatus<'PersistentVolume'>(api, volume, { phase });
  if (!released) return;
  if (!released.metadata.deletionTimestamp) {
    await api.delete('PersistentVolume', volume.metadata.name, undefined, { uid: volume.metadata.uid });
  } else await unprotect(context, released);
}

async function phaseOf({ api }: Context, { metadata, spec }: PersistentVolume): Promise<string> {
  const { claimRef } = spec ?? {};
  if (!claimRef?.uid) return 'Available';
  const claim = await orNull(api.get('PersistentVolumeClaim', claimRef.name!, claimRef.namespace));
  if (claim?.metadata.uid !== claimRef.uid) return 'Released';
  // The claim may not have noticed yet; what it says is what counts.
  const { volumeName } = claim!.spec ?? {};
  return volumeName === undefined || volumeName === metadata.name ? 'Bound' : 'Released';
}

async function failed({ api, events }: Context, volume: PersistentVolume): Promise<void> {
  const message = `no deletable volume plugin matched: "${volume.metadata.name}" was not made by this cluster`;
  const isNews = volume.status?.phase !== 'Failed';
  const now = await writeStatus<'PersistentVolume'>(api, volume, {
    phase: 'Failed',
    message,
    reason: 'VolumeFailedDelete',
  });
  if (isNews && now) events.event({ object: volume }, 'Warning', 'VolumeFailedDelete', message);
  if (now) await unprotect({ api }, now);
}

/** A volume that is deleted goes when it is not bound any more. */
async function unprotect({ api }: Pick<Context, 'api'>, { metadata }: PersistentVolume): Promise<void> {
  const { name, finalizers = [], resourceVersion, deletionTimestamp } = metadata;
  if (!deletionTimestamp || !finalizers.includes(VOLUME_PROTECTION)) return;
  const left = finalizers.filter((finalizer) => finalizer !== VOLUME_PROTECTION);
  await orNull(api.patch('PersistentVolume', name, undefined, { metadata: { resourceVersion, finalizers: left } }));
}
