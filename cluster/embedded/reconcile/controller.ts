import type { Api, ServedKind, WatchEvent } from '../apiserver/api.ts';
import type { KindMap, KindName, KubeObject } from '../kinds/types.ts';
import { isConflict, isDiskFull } from './api-errors.ts';
import { startWorkQueue, type Reconcile, type WorkQueueOptions } from './work-queue.ts';

/** The keys that a change of an object concerns. */
export type KeysOf<T extends KubeObject> = (object: T, type: WatchEvent<T>['type']) => string | string[] | null;

/** For each kind watched, whom its changes concern. */
export type Watches = { [K in KindName]?: KeysOf<KindMap[K]> };

/**
 * A loop that keeps one kind of thing as it should be. Events only say which keys to look at; `reconcile` then reads the
 * world anew from the API, so a lost, doubled or late event does no harm.
 */
export interface Loop {
  /** As it appears in the log. */
  name: string;
  watch?: Watches;
  /** The like of every kind that is served, for those that handle all alike. */
  watchEvery?: (kind: ServedKind) => KeysOf<KubeObject>;
  reconcile: Reconcile;
  workers?: number;
}

export interface Running {
  /** Stops watching; resolves when the last reconcile has ended. */
  close(): Promise<void>;
}

export interface Controller extends Running {
  /** A key wants a look for a reason that no watch tells of, so many ms from now. */
  lookAgain(key: string, afterMs: number): void;
}

/** While the disk is full; no longer, so that all goes on soon after there is space. */
const diskFullRetryMs = 1_000;

export function startController(api: Api, loop: Loop): Controller {
  const onError: WorkQueueOptions['onError'] = (key, error, retryMs) => {
    // Somebody else wrote in between, which is how optimistic locking is meant to end: read again.
    if (isConflict(error)) return;
    console.error(`controller ${loop.name}: ${key}: trying again in ${retryMs} ms:`, error);
  };
  const reconcile: Reconcile = (key) =>
    loop.reconcile(key).catch((error: unknown) => {
      if (isDiskFull(error)) return diskFullRetryMs;
      throw error;
    });
  const queue = startWorkQueue(reconcile, { workers: loop.workers, onError });
  const { watch = {}, watchEvery } = loop;
  const watchKind = (kind: KindName, keysOf: KeysOf<KubeObject>) =>
    api.watch(kind, {}, ({ object, type }) => {
      for (const key of [keysOf(object, type) ?? []].flat()) queue.add(key);
    });
  const stops = (Object.keys(watch) as KindName[]).map((kind) => watchKind(kind, watch[kind] as KeysOf<KubeObject>));
  if (watchEvery) stops.push(api.watchKinds((kind) => watchKind(kind.name, watchEvery(kind))));
  return {
    lookAgain: (key, afterMs) => queue.addAfter(key, afterMs),
    close() {
      for (const stop of stops) stop();
      return queue.close();
    },
  };
}

/** `namespace/name`, or `/name` for what has no namespace. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
