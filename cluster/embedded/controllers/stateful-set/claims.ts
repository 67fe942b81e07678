import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../../apiserver/api.ts';
import type { KubeObject, PersistentVolumeClaim, Pod, StatefulSet } from '../../kinds/types.ts';
import { orNull } from '../../reconcile/api-errors.ts';
import type { Context } from '../../reconcile/define-controller.ts';
import type { OwnerReference } from '../../reconcile/owner.ts';
import { claimName, ordinalOf, ordinals } from './identity.ts';

/** Makes the claims of the pod with this number, where they are missing. Throws an Error while a former one is still going. */
export async function ensureClaims({ api, events }: Context, set: StatefulSet, ordinal: number): Promise<void> {
  const { name, namespace } = set.metadata;
  for (const { metadata, spec } of set.spec?.volumeClaimTemplates ?? []) {
    const claim = claimName(set, metadata!.name!, ordinal);
    const there = await orNull(api.get('PersistentVolumeClaim', claim, namespace));
    if (there?.metadata.deletionTimestamp) throw new Error(`pvc ${claim} is being deleted`);
    if (there) continue;
    const labels = { ...metadata?.labels, ...set.spec?.selector.matchLabels };
    const { annotations } = metadata ?? {};
    await api.create('PersistentVolumeClaim', { metadata: { name: claim, namespace, labels, annotations }, spec });
    const message = `create Claim ${claim} Pod ${name}-${ordinal} in StatefulSet ${name} success`;
    events.event({ object: set }, 'Normal', 'SuccessfulCreate', message);
  }
}

/**
 * Makes each pod's claims go with what persistentVolumeClaimRetentionPolicy says: with the set where `whenDeleted` is Delete, with
 * their pod once the set is scaled down past it where `whenScaled` is; the garbage collector does the rest.
 */
export async function giveClaimsOwners(api: Api, set: StatefulSet, pods: Pod[]): Promise<void> {
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const wanted = new Set(ordinals(set));
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod)!;
    const isCondemned = !wanted.has(ordinal) && whenScaled === 'Delete';
    const owners = isCondemned ? [pod] : whenDeleted === 'Delete' ? [set] : [];
    for (const { metadata } of set.spec?.volumeClaimTemplates ?? []) {
      const name = claimName(set, metadata!.name!, ordinal);
      const claim = await orNull(api.get('PersistentVolumeClaim', name, set.metadata.namespace));
      if (claim) await setOwners(api, claim, [set, pod], owners);
    }
  }
}

/** Of `ours`, a claim is to have `wanted` as owners; those that others have given it stay. */
async function setOwners(api: Api, claim: PersistentVolumeClaim, ours: KubeObject[], wanted: KubeObject[]) {
  const { name, namespace, resourceVersion, ownerReferences = [] } = claim.metadata;
  const own = new Set(ours.map(({ metadata }) => metadata.uid!));
  const left = [...ownerReferences.filter(({ uid }) => !own.has(uid)), ...wanted.map(reference)];
  if (isDeepStrictEqual(left, ownerReferences)) return;
  await api.patch('PersistentVolumeClaim', name, namespace, { metadata: { resourceVersion, ownerReferences: left } });
}

function reference({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion: apiVersion!, kind: kind!, name, uid: uid! };
}
