import type { KubeObject } from '../kinds/types.ts';
import type { KeysOf } from './controller.ts';

/**
 * Adds to the keys that an object concerns those it concerned when last seen: what has lost an object, because a label
 * or an owner has changed, has to look again as much as what has gained it.
 */
export function withKeysBefore<T extends KubeObject>(keysOf: KeysOf<T>): KeysOf<T> {
  const before = new Map<string, string[]>();
  return (object, type) => {
    const uid = object.metadata.uid!;
    const keys = [keysOf(object, type) ?? []].flat();
    const both = new Set([...(before.get(uid) ?? []), ...keys]);
    if (type === 'DELETED') before.delete(uid);
    else before.set(uid, keys);
    return [...both];
  };
}
