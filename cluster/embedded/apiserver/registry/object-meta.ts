import { randomInt, randomUUID } from 'node:crypto';
import { NAME_ALPHABET } from '../../kinds/names.ts';
import { timestamp } from '../../kinds/timestamp.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/types.ts';

/** A name of `generateName` and five random characters, as the API gives it. */
export function generatedName(prefix: string): string {
  const suffix = Array.from({ length: 5 }, () => NAME_ALPHABET[randomInt(NAME_ALPHABET.length)]).join('');
  return prefix.slice(0, 58) + suffix;
}

/** The metadata of a new object: what its writer may say, and what only the server may. */
export function metadataAtCreate(given: ObjectMeta & { name: string }, generation: boolean): KubeObject['metadata'] {
  return {
    ...writable(given),
    name: given.name,
    ...(given.generateName !== undefined && { generateName: given.generateName }),
    ...(given.namespace !== undefined && { namespace: given.namespace }),
    uid: randomUUID(),
    creationTimestamp: timestamp(),
    ...(generation && { generation: 1 }),
  };
}

/** The metadata of an update: the writer's labels and the like, all else as it was. */
export function metadataAtUpdate(given: ObjectMeta, old: KubeObject['metadata']): KubeObject['metadata'] {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, managedFields: _m, ...kept } = old;
  return { ...kept, ...writable(given) };
}

function writable(given: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = given;
  return {
    ...(filled(labels) && { labels }),
    ...(filled(annotations) && { annotations }),
    ...(finalizers?.length && { finalizers }),
    ...(ownerReferences?.length && { ownerReferences }),
    ...(managedFields?.length && { managedFields }),
  };
}

function filled(map: object | undefined): boolean {
  return map !== undefined && Object.keys(map).length > 0;
}
