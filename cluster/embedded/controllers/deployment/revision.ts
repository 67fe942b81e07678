import { isDeepStrictEqual } from 'node:util';
import type { Deployment, ReplicaSet } from '../../kinds/types.ts';

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
