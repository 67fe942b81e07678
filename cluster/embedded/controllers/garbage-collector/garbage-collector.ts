import type { Api, DeleteOptions, ServedKind } from '../../apiserver/api.ts';
import type { KindName, KubeObject } from '../../kinds/types.ts';
import { isNotFound, orNull } from '../../reconcile/api-errors.ts';
import { keyOf, splitKey, startController, type Running } from '../../reconcile/controller.ts';
import type { OwnerReference } from '../../reconcile/owner.ts';
import { DependencyIndex } from './dependency-index.ts';

/** Deletes what has lost all its owners (metadata.ownerReferences), and carries out the two ways of deleting an owner. */
export function startGarbageCollector({ api }: { api: Api }): Running {
  const index = new DependencyIndex();
  const watchKind = (kind: ServedKind) => (object: KubeObject, type: string) => {
    const key = `${kind.name}:${keyOf(object)}`;
    const { namespace = '', deletionTimestamp, uid } = object.metadata;
    const gone = type === 'DELETED';
    const owners = index.note(key, gone ? null : object, (reference) => ownerKey(api, reference, namespace));
    // An owner that waits for the last of its dependents has to hear of it; dependents hear that their owner goes.
    return [key, ...owners, ...(gone || deletionTimestamp ? index.of(uid!) : [])];
  };
  return startController(api, {
    name: 'garbage-collector',
    watchEvery: watchKind,
    reconcile: (key) => collect(api, index, key),
  });
}

export async function collect(api: Api, index: DependencyIndex, key: string): Promise<void> {
  const object = await read(api, key);
  if (!object) return;
  const { deletionTimestamp, finalizers = [], uid, namespace = '' } = object.metadata;
  const dependents = index.of(uid!);
  if (deletionTimestamp) {
    if (finalizers.includes('orphan')) {
      for (const dependent of dependents) await disown(api, dependent, ({ uid: owner }) => owner === uid);
      await dropFinalizer(api, key, object, 'orphan');
    } else if (finalizers.includes('foregroundDeletion') && !(await isBlocked(api, dependents, uid!))) {
      await dropFinalizer(api, key, object, 'foregroundDeletion');
    }
    return;
  }
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length === 0) return;
  const states = new Map<string, OwnerState>();
  for (const owner of owners) states.set(owner.uid, await stateOf(api, owner, namespace));
  const all = [...states.values()];
  if (all.includes('holds')) {
    // As upstream: what other owners hold no longer names those that are gone, nor keeps one from going.
    if (all.some((state) => state !== 'holds')) await disown(api, key, ({ uid }) => states.get(uid) !== 'holds');
    return;
  }
  // What an owner waits for has to wait for its own dependents, else the owner would go before those.
  const cascades = all.includes('waits') && (await isBlocked(api, dependents, uid!));
  await deleteObject(api, key, object, cascades ? 'Foreground' : undefined);
}

/** Whether an owner keeps its dependents, is gone, or waits for them to go first. */
type OwnerState = 'holds' | 'gone' | 'waits';

async function stateOf(api: Api, owner: OwnerReference, namespace: string): Promise<OwnerState> {
  const key = ownerKey(api, owner, namespace);
  // Of one that cannot be looked up, nobody can say that it is gone.
  if (!key) return 'holds';
  const object = await read(api, key);
  if (object?.metadata.uid !== owner.uid) return 'gone';
  const { deletionTimestamp, finalizers } = object.metadata;
  return deletionTimestamp && finalizers?.includes('foregroundDeletion') ? 'waits' : 'holds';
}

/** Whether one is left that its owner has to wait for: it still names the owner, and asks it to wait. */
async function isBlocked(api: Api, dependents: string[], ownerUid: string): Promise<boolean> {
  for (const key of dependents) {
    const references = (await read(api, key))?.metadata.ownerReferences;
    if (references?.some(({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion)) return true;
  }
  return false;
}

async function disown(api: Api, key: string, from: (owner: OwnerReference) => boolean): Promise<void> {
  const object = await read(api, key);
  if (!object) return;
  const { name, namespace, resourceVersion } = object.metadata;
  const left = (object.metadata.ownerReferences ?? []).filter((owner) => !from(owner));
  const ownerReferences = left.length > 0 ? left : null;
  await api.patch(parse(key).kind, name, namespace, { metadata: { resourceVersion, ownerReferences } } as object);
}

async function dropFinalizer(api: Api, key: string, object: KubeObject, finalizer: string): Promise<void> {
  const { name, namespace, resourceVersion } = object.metadata;
  const finalizers = object.metadata.finalizers!.filter((other) => other !== finalizer);
  await api.patch(parse(key).kind, name, namespace, { metadata: { resourceVersion, finalizers } });
}

async function deleteObject(
  api: Api,
  key: string,
  { metadata: { name, namespace, uid } }: KubeObject,
  propagationPolicy: DeleteOptions['propagationPolicy'],
): Promise<void> {
  try {
    await api.delete(parse(key).kind, name, namespace, { uid, propagationPolicy });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function read(api: Api, key: string): Promise<KubeObject | null> {
  const { kind, namespace, name } = parse(key);
  return orNull<KubeObject>(api.get(kind, name, namespace || undefined));
}

/** The key under which an owner is found; null for one that cannot be looked up. An owner lives beside its dependent, or in no namespace. */
function ownerKey(api: Api, { apiVersion, kind, name }: OwnerReference, namespace: string): string | null {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const found = api.kinds().find((one) => one.kind === kind && one.group === group);
  // What lives in no namespace cannot say in which one such an owner would be.
  if (!found || (found.namespaced && !namespace)) return null;
  return `${found.name}:${found.namespaced ? namespace : ''}/${name}`;
}

/** `Kind.group:namespace/name` */
function parse(key: string): { kind: KindName; namespace: string; name: string } {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon) as KindName, ...splitKey(key.slice(colon + 1)) };
}
