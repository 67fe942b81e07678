import type { Api } from '../apiserver/api.ts';
import { selectorMatches } from '../kinds/label-selector.ts';
import type { Deployment, KindMap, ObjectMeta, ReplicaSet } from '../kinds/types.ts';
import { orNull } from './api-errors.ts';
import { keyOf, type KeysOf } from './controller.ts';
import { withKeysBefore } from './keys-before.ts';
import { controllerOf, controllerReference, isControlledBy } from './owner.ts';

/** Kinds that find their dependents by a selector. */
type OwnerKind = 'Deployment' | 'ReplicaSet';
type DependentKind = 'ReplicaSet' | 'Pod';

/**
 * The candidates that belong to the owner. As in Kubernetes it adopts those that its selector matches and nobody
 * controls, and releases its own that the selector no longer matches; an owner that is being deleted does neither.
 *
 * @throws ApiError Conflict when somebody else has changed one of them in between: look again
 */
export async function claim<K extends DependentKind>(
  api: Api,
  ownerKind: OwnerKind,
  owner: Deployment | ReplicaSet,
  kind: K,
  candidates: KindMap[K][],
): Promise<KindMap[K][]> {
  const claimed: KindMap[K][] = [];
  const ending = owner.metadata.deletionTimestamp !== undefined;
  for (const object of candidates) {
    const selected = selects(owner, object);
    const { ownerReferences = [], deletionTimestamp } = object.metadata;
    if (isControlledBy(object, owner)) {
      if (selected) claimed.push(object);
      else if (!ending) {
        await setOwners(
          api,
          kind,
          object,
          ownerReferences.filter((reference) => reference.uid !== owner.metadata.uid),
        );
      }
    } else if (selected && !controllerOf(object) && !deletionTimestamp && !ending) {
      // The owner may have been deleted in the meantime: what it adopted now would go with it.
      const now = await orNull(api.get(ownerKind, owner.metadata.name, owner.metadata.namespace));
      if (now?.metadata.uid !== owner.metadata.uid || now?.metadata.deletionTimestamp) continue;
      const reference = controllerReference('apps/v1', ownerKind, owner);
      const adopted = await setOwners(api, kind, object, [...ownerReferences, reference]);
      if (adopted) claimed.push(adopted);
    }
  }
  return claimed;
}

/** Null when the object has gone meanwhile. */
async function setOwners<K extends DependentKind>(
  api: Api,
  kind: K,
  { metadata: { name, namespace, uid, resourceVersion } }: KindMap[K],
  ownerReferences: ObjectMeta['ownerReferences'],
): Promise<KindMap[K] | null> {
  return orNull(api.patch(kind, name, namespace, { metadata: { uid, resourceVersion, ownerReferences } }));
}

function selects(owner: Deployment | ReplicaSet, { metadata }: { metadata: ObjectMeta }): boolean {
  if (owner.metadata.namespace !== metadata.namespace || !owner.spec) return false;
  return selectorMatches(owner.spec.selector, metadata.labels ?? {});
}

/** The keys of the owners that a change of a dependent concerns. */
export interface Claimants<O extends Deployment | ReplicaSet> {
  /** To watch the owners with: it keeps in mind which there are. */
  owner: KeysOf<O>;
  /** To watch the dependents with: their controller, now and before; without one, whoever would adopt them. */
  dependent: KeysOf<KindMap[DependentKind]>;
}

export function claimants<O extends Deployment | ReplicaSet>(kind: OwnerKind): Claimants<O> {
  const owners = new Map<string, O>();
  return {
    owner(owner, type) {
      if (type === 'DELETED') owners.delete(keyOf(owner));
      else owners.set(keyOf(owner), owner);
      return keyOf(owner);
    },
    dependent: withKeysBefore((object) => {
      const controller = controllerOf(object);
      if (!controller) return [...owners.values()].filter((owner) => selects(owner, object)).map(keyOf);
      return controller.kind === kind ? `${object.metadata.namespace}/${controller.name}` : null;
    }),
  };
}
