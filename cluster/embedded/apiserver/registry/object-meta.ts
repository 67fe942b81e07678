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
  const kept = Object.entries(old).filter(([field]) => !writables.includes(field as Writable));
  return { ...(Object.fromEntries(kept) as unknown as KubeObject['metadata']), ...writable(given) };
}

type Writable = (typeof writables)[number];
const writables = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields'] as const;

/** What is empty is not there. */
function writable(given: ObjectMeta): Pick<ObjectMeta, Writable> {
  const filled = writables.filter((field) => Object.keys(given[field] ?? {}).length > 0);
  return Object.fromEntries(filled.map((field) => [field, given[field]]));
}
