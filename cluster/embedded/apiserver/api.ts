import type { Duplex } from 'node:stream';
import type { KindMap, KindName } from '../kinds/types.ts';

/** How controllers, scheduler and kubelets speak to the API server they share a process with. */
export interface Api {
  /** Throws ApiError `NotFound`. Objects are shared and frozen: copy before changing. */
  get<K extends KindName>(kind: K, name: string, namespace?: string): Promise<KindMap[K]>;
  list<K extends KindName>(kind: K, options?: ListOptions): Promise<{ items: KindMap[K][]; resourceVersion: string }>;
  /** Throws ApiError `AlreadyExists`, `Invalid`. */
  create<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]>;
  /** Replaces all but the status. Throws ApiError `Conflict` when metadata.resourceVersion is set and old. */
  update<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]>;
  /** Replaces the status alone. */
  updateStatus<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]>;
  /** JSON merge patch (RFC 7386). With `subresource: 'status'` it is `{status: {...}}` and writes the status alone. */
  patch<K extends KindName>(
    kind: K,
    name: string,
    namespace: string | undefined,
    patch: object,
    subresource?: 'status',
  ): Promise<KindMap[K]>;
  /**
   * As over HTTP: a Pod bound to a node first gets a deletionTimestamp, and is gone once its kubelet deletes it with
   * gracePeriodSeconds 0.
   */
  delete<K extends KindName>(kind: K, name: string, namespace?: string, options?: DeleteOptions): Promise<void>;
  /** Binds a Pod to a node (the `binding` subresource). */
  bind(podName: string, namespace: string, nodeName: string): Promise<void>;
  /**
   * Calls `onEvent` for every object there is (ADDED), then for every change, in order and never from inside a write of
   * the caller's. Returns the function that ends it.
   */
  watch<K extends KindName>(
    kind: K,
    options: ListOptions,
    onEvent: (event: WatchEvent<KindMap[K]>) => void,
  ): () => void;
}

export interface ListOptions {
  namespace?: string;
  /** As kubectl's -l. */
  labelSelector?: string;
  /** As kubectl's --field-selector. */
  fieldSelector?: string;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  /** Refuse with `Conflict` when the object has another uid by now. */
  uid?: string;
  /** What becomes of the objects it owns; Background, the default, lets the garbage collector find them. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

/** What the API server asks of the kubelets: in a real cluster it dials them. */
export interface NodeProxy {
  /** Throws ApiError `BadRequest` (no such container), `NotFound`. Ends when the container has ended or on abort. */
  logs(pod: KindMap['Pod'], container: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** A connection to a port of the pod, past all faults. Rejects with the errno of the connect. */
  dial(pod: KindMap['Pod'], port: number): Promise<Duplex>;
}

export interface LogOptions {
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  limitBytes?: number;
}
