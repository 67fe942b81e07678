import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../kinds/types.ts';
import { CLAIM_PROTECTION, SELECTED_NODE } from '../../kinds/persistent-volume-claim.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import { keyOf, splitKey } from '../../reconcile/controller.ts';
import { defineController, type Context } from '../../reconcile/define-controller.ts';
import { writeStatus } from '../../reconcile/write-status.ts';
import { isFor, volumeFor } from './binding.ts';
import { FOLDER_PROVISIONER, provision } from './provisioner.ts';

type Claim = PersistentVolumeClaim;

const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

/** Gives each claim a volume, one that is there or a new one, and keeps a claim that pods use. */
export const startClaimController = defineController({
  name: 'persistentvolume-binder',
  for: 'PersistentVolumeClaim',
  maps() {
    const waiting = new Set<string>();
    return {
      PersistentVolumeClaim(claim, type) {
        if (type === 'DELETED' || claim.status?.phase === 'Bound') waiting.delete(keyOf(claim));
        else waiting.add(keyOf(claim));
        return null;
      },
      PersistentVolume: ({ spec }) =>
        spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : [...waiting],
      StorageClass: () => [...waiting],
      Pod: (pod, type) =>
        type === 'DELETED' ? claimsOf(pod).map((name) => `${pod.metadata.namespace}/${name}`) : null,
    };
  },
  reconcile: reconcileClaim,
});

export async function reconcileClaim(context: Context, key: string): Promise<void> {
  const { api } = context;
  const { namespace, name } = splitKey(key);
  const claim = await orNull(api.get('PersistentVolumeClaim', name, namespace));
  if (!claim) return;
  if (claim.metadata.deletionTimestamp) return unprotect(context, claim);
  const wanted = claim.spec?.volumeName;
  if (!wanted) return findVolume(context, claim);
  const volume = await orNull(api.get('PersistentVolume', wanted));
  if (volume && (!volume.spec?.claimRef || isFor(volume, claim))) return bind(context, claim, volume);
  // A claim that has had its volume has lost it with its data; one that never had it may wait for it.
  const hadIt = claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;
  if (!hadIt || claim.status?.phase === 'Lost') return;
  await writeStatus(api, claim, { phase: 'Lost' });
  const [reason, message] = volume
    ? ['ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly']
    : ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'];
  context.events.event({ object: claim }, 'Warning', reason!, message!);
}

async function findVolume(context: Context, claim: Claim): Promise<void> {
  const { api, events } = context;
  const say = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    events.event({ object: claim }, type, reason, message);
  const name = claim.spec?.storageClassName ?? '';
  const of = name ? await orNull(api.get('StorageClass', name)) : null;
  const volume = volumeFor(claim, (await api.list('PersistentVolume')).items);
  const isMeant = volume && isFor(volume, claim);
  if (!isMeant && of?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.metadata.annotations?.[SELECTED_NODE]) {
    return say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  }
  if (volume) return bind(context, claim, volume);
  if (!name) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    return say('Normal', 'FailedBinding', message);
  }
  if (!of) return say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
  if (of.provisioner !== FOLDER_PROVISIONER) return say('Normal', 'ExternalProvisioning', elsewhere(of));
  if (claim.spec?.selector) return say('Warning', 'ProvisioningFailed', 'claim Selector is not supported');
  const made = await provision(api, claim, of);
  say('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${made}`);
}

function elsewhere({ provisioner }: StorageClass): string {
  return (
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
    'administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
  );
}

/** First the volume says whose it is, so that no other claim takes it; each step is safe to be the last one. */
async function bind({ api }: Context, claim: Claim, volume: PersistentVolume): Promise<void> {
  const { name, namespace, uid, annotations, resourceVersion } = claim.metadata;
  if (volume.spec?.claimRef?.uid !== uid) {
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
    await api.patch('PersistentVolume', volume.metadata.name, undefined, {
      metadata: { resourceVersion: volume.metadata.resourceVersion },
      spec: { claimRef },
    });
  }
  let bound = claim;
  if (annotations?.[BIND_COMPLETED] === undefined) {
    const found = claim.spec?.volumeName === undefined && { [BOUND_BY_CONTROLLER]: 'yes' };
    bound = await api.patch('PersistentVolumeClaim', name, namespace, {
      metadata: { resourceVersion, annotations: { [BIND_COMPLETED]: 'yes', ...found } },
      spec: { volumeName: volume.metadata.name },
    });
  }
  const { accessModes, capacity } = volume.spec ?? {};
  await writeStatus(api, bound, { ...bound.status, phase: 'Bound', accessModes, capacity });
}

/** A claim that is deleted goes when no pod has it any more: not even one that has ended. */
async function unprotect({ api }: Context, { metadata }: Claim): Promise<void> {
  const { name, namespace, finalizers = [], resourceVersion } = metadata;
  if (!finalizers.includes(CLAIM_PROTECTION)) return;
  const { items } = await api.list('Pod', { namespace });
  if (items.some((pod) => pod.spec?.nodeName && claimsOf(pod).includes(name))) return;
  const left = finalizers.filter((finalizer) => finalizer !== CLAIM_PROTECTION);
  await orNull(
    api.patch('PersistentVolumeClaim', name, namespace, { metadata: { resourceVersion, finalizers: left } }),
  );
}

function claimsOf({ spec }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));
}
