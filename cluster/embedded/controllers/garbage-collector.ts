import type { Api, DeleteOptions } from '../apiserver/api.ts';
import type { KindName, KubeObject } from '../kinds/types.ts';
import { isNotFound, orNull } from '../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../reconcile/controller.ts';
import type { OwnerReference } from '../reconcile/owner.ts';

/** Kinds that may have an owner, and kinds that may be one. */
const kinds = [
  'Deployment',
  'ReplicaSet',
  'Pod',
  'Service',
  'EndpointSlice',
  'ConfigMap',
  'Secret',
  'Lease',
  'NetworkFault',
] as const satisfies KindName[];
type Kind = (typeof kinds)[number];

/** Who depends on whom, by the owner's uid. It only says where to look; what is done is decided on what the API says. */
export type Dependents = Map<string, Set<string>>;

/** Deletes what has lost all its owners (metadata.ownerReferences), and carries out the two ways of deleting an owner. */
export function startGarbageCollector(api: Api): Running {
  const dependents: Dependents = new Map();
  const watchKind = (kind: Kind) => (object: KubeObject, type: string) => {
    const key = `${kind}:${keyOf(object)}`;
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      if (type === 'DELETED') dependents.get(uid)?.delete(key);
      else dependents.set(uid, (dependents.get(uid) ?? new Set()).add(key));
    }
    const below = [...(dependents.get(object.metadata.uid!) ?? [])];
    const owners = (object.metadata.ownerReferences ?? []).map(
      ({ kind: owner, name }) => `${owner}:${object.metadata.namespace ?? ''}/${name}`,
    );
    if (type !== 'DELETED') return object.metadata.deletionTimestamp ? [key, ...below] : [key];
    dependents.delete(object.metadata.uid!);
    // An owner that waits for the last of its dependents has to hear of it.
    return [...below, ...owners];
  };
  return startController(api, {
    name: 'garbage-collector',
    watch: Object.fromEntries(kinds.map((kind) => [kind, watchKind(kind)])),
    reconcile: (key) => collect(api, dependents, key),
  });
}

export async function collect(api: Api, dependents: Dependents, key: string): Promise<void> {
  const { kind, namespace, name } = parse(key);
  if (!kinds.includes(kind)) return;
  const object = await orNull<KubeObject>(api.get(kind, name, namespace));
  if (!object) return;
  const { deletionTimestamp, finalizers = [], uid } = object.metadata;
  if (deletionTimestamp) {
    const below = [...(dependents.get(uid!) ?? [])];
    if (finalizers.includes('orphan')) {
      for (const dependent of below) await disown(api, dependent, uid!);
      await dropFinalizer(api, kind, object, 'orphan');
    } else if (finalizers.includes('foregroundDeletion') && (await allGone(api, below))) {
      await dropFinalizer(api, kind, object, 'foregroundDeletion');
    }
    return;
  }
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length === 0) return;
  const states = await Promise.all(owners.map((owner) => stateOf(api, owner, namespace)));
  if (states.includes('holds')) return;
  // What an owner waits for has to wait for its own dependents, else the owner would go before those.
  const cascades = states.includes('waits') && Boolean(dependents.get(uid!)?.size);
  await deleteObject(api, kind, object, cascades ? 'Foreground' : 'Background');
}

/** Whether an owner keeps its dependents, is gone, or waits for them to go first. */
async function stateOf(api: Api, owner: OwnerReference, namespace: string): Promise<'holds' | 'gone' | 'waits'> {
  const kind = owner.kind as Kind;
  // Of a kind we do not serve, nobody can say that it is gone.
  if (!kinds.includes(kind)) return 'holds';
  const object = await orNull<KubeObject>(api.get(kind, owner.name, namespace));
  if (object?.metadata.uid !== owner.uid) return 'gone';
  const { deletionTimestamp, finalizers } = object.metadata;
  return deletionTimestamp && finalizers?.includes('foregroundDeletion') ? 'waits' : 'holds';
}

async function allGone(api: Api, keys: string[]): Promise<boolean> {
  for (const key of keys) {
    const { kind, namespace, name } = parse(key);
    if (await orNull<KubeObject>(api.get(kind, name, namespace))) return false;
  }
  return true;
}

async function disown(api: Api, key: string, ownerUid: string): Promise<void> {
  const { kind, namespace, name } = parse(key);
  const object = await orNull<KubeObject>(api.get(kind, name, namespace));
  if (!object) return;
  const ownerReferences = object.metadata.ownerReferences?.filter(({ uid }) => uid !== ownerUid);
  await api.patch(kind, name, namespace, { metadata: { ownerReferences } });
}

async function dropFinalizer(api: Api, kind: Kind, object: KubeObject, finalizer: string): Promise<void> {
  const { name, namespace, resourceVersion } = object.metadata;
  const finalizers = object.metadata.finalizers!.filter((other) => other !== finalizer);
  await api.patch(kind, name, namespace, { metadata: { resourceVersion, finalizers } });
}

async function deleteObject(
  api: Api,
  kind: Kind,
  { metadata: { name, namespace, uid } }: KubeObject,
  propagationPolicy: DeleteOptions['propagationPolicy'],
): Promise<void> {
  try {
    await api.delete(kind, name, namespace, { uid, propagationPolicy });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function parse(key: string): { kind: Kind; namespace: string; name: string } {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon) as Kind, ...splitKey(key.slice(colon + 1)) };
}
