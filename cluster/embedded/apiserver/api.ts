import type { Duplex } from 'node:stream';
import type { IssuedToken, TokenSpec } from './auth/service-account-tokens.ts';
import type { CommandStreams } from '../streams/command-streams.ts';
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
  /**
   * Deletes a Pod as far as its PodDisruptionBudget permits (the `eviction` subresource). Throws ApiError `TooManyRequests` when that
   * is spent, `NotFound`, `Conflict`.
   */
  evict(podName: string, namespace: string): Promise<void>;
  /** Binds a Pod to a node (the `binding` subresource). */
  bind(podName: string, namespace: string, nodeName: string): Promise<void>;
  /** Writes the finalizers in the spec of a Namespace, without which it goes (the `finalize` subresource). */
  finalize(namespace: KindMap['Namespace']): Promise<void>;
  /**
   * A token of a service account (the `token` subresource). Bound to a pod it is good as long as the pod is there. Throws ApiError
   * `NotFound`, `Invalid` (less than ten minutes), `Conflict` (of another pod by that name).
   */
  createToken(serviceAccount: string, namespace: string, spec: TokenSpec): Promise<IssuedToken['status']>;
  /**
   * Calls `onEvent` for every object there is (ADDED), then for every change, in order and never from inside a write of
   * the caller's. Returns the function that ends it.
   */
  watch<K extends KindName>(
    kind: K,
    options: ListOptions,
    onEvent: (event: WatchEvent<KindMap[K]>) => void,
  ): () => void;
  /** Every kind of stored object there is now. */
  kinds(): ServedKind[];
  /**
   * Calls `onKind` for every kind there is, and for each that comes; what it answers is called when the kind goes. For whoever
   * handles all kinds alike. Answers the function that ends it.
   */
  watchKinds(onKind: (kind: ServedKind) => (() => void) | void): () => void;
  /**
   * The same API as another part of the cluster uses it, such as `system:node:node-1`. Its writes bear the name `manager`, without
   * which it is the user's last part.
   */
  as(username: string, manager?: string): Api;
}

/** A kind of stored object. */
export interface ServedKind {
  /** What the other methods take it by: `Deployment.apps`, or `Pod.` in the core group. */
  name: KindName;
  group: string;
  kind: string;
  plural: string;
  namespaced: boolean;
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
  /** What becomes of the objects it owns: without a word as an earlier deletion said, else Background, which lets the garbage collector find them. */
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
  /**
   * Runs a command in a container, until it ends or `gone` aborts. Resolves to its exit code. Throws ApiError InternalError: no
   * container that runs, no such program.
   */
  exec(
    pod: KindMap['Pod'],
    container: string,
    command: string[],
    streams: CommandStreams,
    gone: AbortSignal,
  ): Promise<number>;
  /**
   * Gives the client what a container writes from now on, until it ends or `gone` aborts. Throws ApiError InternalError: no
   * container that runs.
   */
  attach(pod: KindMap['Pod'], container: string, streams: CommandStreams, gone: AbortSignal): Promise<void>;
  /** A connection to a port of the pod, past all faults; `loopback`: as from within it, to its localhost too. Rejects with the errno. */
  dial(pod: KindMap['Pod'], port: number, options?: { loopback?: boolean }): Promise<Duplex>;
  /** What the pod's containers use; null as long as that is not known. */
  podUsage(pod: KindMap['Pod']): PodUsage | null;
}

export interface ContainerUsage {
  name: string;
  /** Billionths of a CPU, on average over the window. */
  cpuNanoCores: number;
  /** Bytes it holds for itself. */
  workingSetBytes: number;
}

export interface PodUsage {
  /** Unix time in ms of the latest look. */
  at: number;
  /** Of the CPU figures, in ms. */
  windowMs: number;
  containers: ContainerUsage[];
}

export interface LogOptions {
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  limitBytes?: number;
}
