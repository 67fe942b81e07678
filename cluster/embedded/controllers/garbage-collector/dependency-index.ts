import type { KubeObject } from '../../kinds/types.ts';

/** An object as others refer to it: by uid, and where to look for it. */
interface Owner {
  uid: string;
  /** Key of the garbage collector; null for one that cannot be looked up. */
  key: string | null;
}

/** Who depends on whom. It only says where to look; what is done is decided on what the API says. */
export class DependencyIndex {
  readonly #dependents = new Map<string, Set<string>>();
  readonly #owners = new Map<string, Owner[]>();

  /** Keys of what names this uid as an owner. */
  of(uid: string): string[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  /** Takes in an object as it is now, null when it is gone. Answers the keys of all it depends on or did until now. */
  note(key: string, object: KubeObject | null, keyOfOwner: (reference: Reference) => string | null): string[] {
    const before = this.#owners.get(key) ?? [];
    const after = (object?.metadata.ownerReferences ?? []).map((reference) => ({
      uid: reference.uid,
      key: keyOfOwner(reference),
    }));
    for (const { uid } of before) this.#remove(uid, key);
    for (const { uid } of after) this.#dependents.set(uid, (this.#dependents.get(uid) ?? new Set()).add(key));
    if (after.length > 0) this.#owners.set(key, after);
    else this.#owners.delete(key);
    return [...new Set([...before, ...after].map((owner) => owner.key))].filter((owner) => owner !== null);
  }

  #remove(uid: string, key: string): void {
    const keys = this.#dependents.get(uid);
    keys?.delete(key);
    if (keys?.size === 0) this.#dependents.delete(uid);
  }
}

type Reference = NonNullable<KubeObject['metadata']['ownerReferences']>[number];
