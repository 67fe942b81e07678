import type { KubeObject } from '../kinds/types.ts';
import type { KeysOf } from './controller.ts';

/**
 * Adds to the keys that an object concerns those it concerns as it was when last seen: what has lost an object, because a
 * label or an owner has changed, has to look again as much as what has gained it. The object is remembered, not its keys:
 * whom it concerns may depend on others that have come since, as a pod's Services do.
 */
export function withKeysBefore<T extends KubeObject>(keysOf: KeysOf<T>): KeysOf<T> {
  const before = new Map<string, T>();
  return (object, type) => {
    const uid = object.metadata.uid!;
    const last = before.get(uid);
    if (type === 'DELETED') before.delete(uid);
    else before.set(uid, object);
    const keys = [last ? keysOf(last, 'MODIFIED') : [], keysOf(object, type)].flatMap((found) => found ?? []);
    return [...new Set(keys)];
  };
}
