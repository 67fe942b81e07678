import { randomInt, randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../../kinds/types.ts';

/** No vowels and nothing that looks like another, so that no name comes out as a word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A name of `generateName` and five random characters, as the API gives it. */
export function generatedName(prefix: string): string {
  const suffix = Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return prefix.slice(0, 58) + suffix;
}

/** Now, as timestamps in objects are written: RFC 3339, whole seconds. */
export function timestamp(time = Date.now()): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
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
