import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../kinds/types.ts';
import { ignoreNotFound, isAlreadyExists } from './api-errors.ts';
import { claim } from './claim.ts';
import { controllerReference } from './owner.ts';
import { templateHash } from './template-hash.ts';

/** Kinds that note what they have run as ControllerRevisions. */
type Owner = StatefulSet | DaemonSet;
type Template = NonNullable<StatefulSet['spec']>['template'];

/** On a revision: the hash of its template. Upstream names it differently for each kind. */
const hashLabels: Record<string, string> = {
  StatefulSet: 'controller.kubernetes.io/hash',
  DaemonSet: 'controller-revision-hash',
};

/** On a pod: which revision it runs. */
export const podRevisionLabel = 'controller-revision-hash';

/** What `kubectl rollout undo` patches the owner with. */
interface RevisionData {
  spec: { template: Template & { $patch: 'replace' } };
}

/**
 * The revisions of an owner, oldest first; the last one has its template as it is now. A template that comes back (`kubectl
 * rollout undo`) becomes the newest revision again.
 */
export async function syncRevisions(api: Api, owner: Owner): Promise<ControllerRevision[]> {
  const { namespace } = owner.metadata;
  const { items } = await api.list('ControllerRevision', { namespace });
  const revisions = (await claim(api, owner, 'ControllerRevision', items)).sort((a, b) => a.revision - b.revision);
  const data = dataOf(owner);
  const same = revisions.find((revision) => isDeepStrictEqual(revision.data, data));
  const newest = revisions.at(-1)?.revision ?? 0;
  if (same && same.revision === newest) return revisions;
  const current = same
    ? await api.patch('ControllerRevision', same.metadata.name, namespace, { revision: newest + 1 })
    : await createRevision(api, owner, data, newest + 1);
  return [...revisions.filter((revision) => revision !== same), current];
}

async function createRevision(
  api: Api,
  owner: Owner,
  data: RevisionData,
  revision: number,
): Promise<ControllerRevision> {
  const { name, namespace, annotations } = owner.metadata;
  const hash = templateHash(data, owner.status?.collisionCount || undefined);
  try {
    return await api.create('ControllerRevision', {
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        annotations,
        labels: { ...owner.spec!.template.metadata?.labels, [hashLabels[owner.kind!]!]: hash },
        ownerReferences: [controllerReference(owner)],
      },
      data,
      revision,
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // Another template has this hash: the next look tries another.
    const collisionCount = (owner.status?.collisionCount ?? 0) + 1;
    await api.patch(
      owner.kind as 'StatefulSet' | 'DaemonSet',
      name,
      namespace,
      { status: { collisionCount } },
      'status',
    );
    throw error;
  }
}

function dataOf(owner: Owner): RevisionData {
  return { spec: { template: { ...owner.spec!.template, $patch: 'replace' } } };
}

/** The template that a revision holds. */
export function templateOf({ data }: ControllerRevision): Template {
  const { $patch: _, ...template } = (data as RevisionData).spec.template;
  return template;
}

/** The hash of a revision's template. */
export function hashOf(owner: Owner, { metadata }: ControllerRevision): string {
  return metadata.labels?.[hashLabels[owner.kind!]!] ?? metadata.name;
}

/** Keeps as many revisions that nothing runs any more as `kubectl rollout undo` is to reach back to. */
export async function forgetRevisions(
  api: Api,
  owner: Owner,
  revisions: ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
): Promise<void> {
  const idle = revisions.filter((revision) => !isLive(revision));
  const surplus = Math.max(0, idle.length - (owner.spec?.revisionHistoryLimit ?? 10));
  for (const { metadata } of idle.slice(0, surplus)) {
    await ignoreNotFound(api.delete('ControllerRevision', metadata.name, metadata.namespace, { uid: metadata.uid }));
  }
}
