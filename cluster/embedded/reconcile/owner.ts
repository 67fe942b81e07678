import type { KubeObject, ObjectMeta } from '../kinds/types.ts';

export type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];

/** A reference that makes `owner`, as read from the API, the one controller of a new object, and the object its dependent. */
export function controllerReference({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion: apiVersion!, kind: kind!, name, uid: uid!, controller: true, blockOwnerDeletion: true };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}
