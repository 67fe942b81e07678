import { isDeepStrictEqual } from 'node:util';
import { NAME_ALPHABET } from '../kinds/names.ts';
import type { Deployment, ReplicaSet } from '../kinds/types.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const hashLabel = 'pod-template-hash';

type Template = NonNullable<ReplicaSet['spec']>['template'];

export function revisionOf(object: Deployment | ReplicaSet): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** Newest revision first. */
export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  return revisionOf(b) - revisionOf(a);
}

/** Oldest first; creation times have whole seconds only. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const born = ({ metadata }: ReplicaSet) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  return born(a) - born(b) || revisionOf(a) - revisionOf(b);
}

/** The hash that tells the pods of one template from those of another; the number of collisions so far changes it. */
export function templateHash(deployment: Deployment): string {
  return hashSuffix(JSON.stringify(sorted(deployment.spec!.template)) + (deployment.status?.collisionCount ?? ''));
}

/** FNV-1a over the UTF-8 bytes, its digits written in letters that a name may have. */
function hashSuffix(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => NAME_ALPHABET[digit.charCodeAt(0) % NAME_ALPHABET.length]).join('');
}

/** Whether a ReplicaSet runs this template. An empty list says what a missing one does; the hash label is the controller's own addition. */
export function runsTemplate(replicaSet: ReplicaSet, template: Template): boolean {
  return isDeepStrictEqual(withoutHash(replicaSet.spec?.template), withoutHash(template));
}

function withoutHash(template: Template): unknown {
  const full = (_key: string, value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value);
  const copy = JSON.parse(JSON.stringify(template ?? {}, full)) as NonNullable<Template>;
  delete copy.metadata?.labels?.[hashLabel];
  delete copy.metadata?.creationTimestamp;
  return copy;
}

/** The same object with its keys in order, so that equal templates hash equally. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
