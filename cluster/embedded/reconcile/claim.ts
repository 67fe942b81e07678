import type { Api } from '../apiserver/api.ts';
import { selectorMatches, type LabelSelector } from '../kinds/label-selector.ts';
import type { KindMap, KindName, KubeObject, ObjectMeta } from '../kinds/types.ts';
import { orNull } from './api-errors.ts';
import { keyOf, type KeysOf, type Watches } from './controller.ts';
import { withKeysBefore } from './keys-before.ts';
import { controllerOf, controllerReference, isControlledBy } from './owner.ts';

/** An object that finds its dependents by a selector, as all workloads do. */
type Selecting = KubeObject & { spec?: { selector?: LabelSelector } };

/**
 * The candidates that belong to the owner. As in Kubernetes it adopts those that its selector matches and nobody
 * controls, and releases its own that the selector no longer matches; an owner that is being deleted does neither.
 *
 * @param fits what besides its labels an object needs to be one of the owner's
 * @throws ApiError Conflict when somebody else has changed one of them in between: look again
 */
export async function claim<K extends KindName>(
  api: Api,
  owner: Selecting,
  kind: K,
  candidates: KindMap[K][],
  fits: (object: KindMap[K]) => boolean = () => true,
): Promise<KindMap[K][]> {
  const claimed: KindMap[K][] = [];
  const ending = owner.metadata.deletionTimestamp !== undefined;
  for (const object of candidates) {
    const selected = selects(owner, object) && fits(object);
    if (isControlledBy(object, owner)) {
      if (selected) claimed.push(object);
      else if (!ending) await release(api, owner, kind, object);
    } else if (selected && !controllerOf(object) && !object.metadata.deletionTimestamp && !ending) {
      const adopted = await adopt(api, owner, kind, object);
      if (adopted) claimed.push(adopted);
    }
  }
  return claimed;
}

async function release<K extends KindName>(api: Api, owner: Selecting, kind: K, object: KindMap[K]): Promise<void> {
  const { ownerReferences = [] } = object.metadata;
  const others = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid);
  await setOwners(api, kind, object, others);
}

async function adopt<K extends KindName>(
  api: Api,
  owner: Selecting,
  kind: K,
  object: KindMap[K],
): Promise<KindMap[K] | null> {
  const { name, namespace, uid } = owner.metadata;
  // The owner may have been deleted in the meantime: what it adopted now would go with it.
  const { metadata: now } = (await orNull<KubeObject>(api.get(owner.kind as KindName, name, namespace))) ?? {};
  if (now?.uid !== uid || now?.deletionTimestamp) return null;
  return setOwners(api, kind, object, [...(object.metadata.ownerReferences ?? []), controllerReference(owner)]);
}

/** Null when the object has gone meanwhile. */
async function setOwners<K extends KindName>(
  api: Api,
  kind: K,
  { metadata: { name, namespace, uid, resourceVersion } }: KindMap[K],
  ownerReferences: ObjectMeta['ownerReferences'],
): Promise<KindMap[K] | null> {
  return orNull(api.patch(kind, name, namespace, { metadata: { uid, resourceVersion, ownerReferences } }));
}

function selects(owner: Selecting, { metadata }: KubeObject): boolean {
  if (owner.metadata.namespace !== metadata.namespace || !owner.spec?.selector) return false;
  return selectorMatches(owner.spec.selector, metadata.labels ?? {});
}

/** What an owner has to hear of: itself, its dependents now and before, and those without a controller that it would adopt. */
export function ownershipWatches(ownerKind: KindName, dependents: KindName[]): Watches {
  const owners = new Map<string, Selecting>();
  const noteOwner: KeysOf<KubeObject> = (owner, type) => {
    if (type === 'DELETED') owners.delete(keyOf(owner));
    else owners.set(keyOf(owner), owner);
    return keyOf(owner);
  };
  const keysOfDependent: KeysOf<KubeObject> = (object) => {
    const controller = controllerOf(object);
    if (!controller) return [...owners.values()].filter((owner) => selects(owner, object)).map(keyOf);
    return controller.kind === ownerKind ? `${object.metadata.namespace}/${controller.name}` : null;
  };
  return {
    [ownerKind]: noteOwner,
    ...Object.fromEntries(dependents.map((kind) => [kind, withKeysBefore(keysOfDependent)])),
  };
}
