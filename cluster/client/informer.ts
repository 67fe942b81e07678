import { setTimeout as delay } from 'node:timers/promises';
import { ClusterError, unreachable } from './errors.ts';
import type { Requests } from './requests.ts';

export interface WatchedObject {
  metadata: { name: string; namespace?: string; resourceVersion?: string };
}

export interface InformerEvents {
  /** The set of objects changed. */
  changed: () => void;
  /** The watch runs (true) or was lost (false). */
  connected: (connected: boolean, cause?: unknown) => void;
}

const firstRetryMs = 100;
const lastRetryMs = 2_000;
/** Asked of the server, so that a connection that died without a word is found out. */
const watchSeconds = 240;

/**
 * The objects of one collection, kept current by list and watch (the pattern of client-go's informers). After a lost
 * connection the last known objects stay readable while it lists and watches anew, for ever.
 */
export class Informer<T extends WatchedObject> {
  readonly #requests: Requests;
  readonly #path: () => Promise<string>;
  readonly #events: InformerEvents;
  readonly #labelSelector: string | undefined;
  readonly #stop = new AbortController();
  #objects = new Map<string, T>();
  #resourceVersion = '';

  constructor(requests: Requests, path: () => Promise<string>, events: InformerEvents, labelSelector?: string) {
    this.#requests = requests;
    this.#path = path;
    this.#events = events;
    this.#labelSelector = labelSelector;
  }

  /** In the order of their names, so that readers are deterministic. */
  list(): T[] {
    return [...this.#objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  get(name: string): T | undefined {
    return [...this.#objects.values()].find(({ metadata }) => metadata.name === name);
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let retryMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        const path = await this.#path();
        if (!this.#resourceVersion) await this.#list(path);
        await this.#watch(path, () => {
          retryMs = firstRetryMs;
          this.#events.connected(true);
        });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ClusterError && error.status !== null) this.#resourceVersion = ''; // too old, or refused
        this.#events.connected(false, error);
        await delay(retryMs, undefined, { signal }).catch(() => undefined); // aborted: the loop ends by itself
        retryMs = Math.min(retryMs * 2, lastRetryMs);
      }
    }
  }

  async #list(path: string): Promise<void> {
    const list = await this.#requests.json<{ metadata: { resourceVersion: string }; items: T[] }>('GET', path, {
      query: { labelSelector: this.#labelSelector },
      signal: this.#stop.signal,
    });
    this.#objects = new Map(list.items.map((object) => [key(object), object]));
    this.#resourceVersion = list.metadata.resourceVersion;
    this.#changed();
  }

  /** Resolves when the server ends the watch in good order; rejects when it broke or the version is too old. */
  async #watch(path: string, onOpen: () => void): Promise<void> {
    const response = await this.#requests.stream(path, {
      query: {
        labelSelector: this.#labelSelector,
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.#resourceVersion,
        timeoutSeconds: String(watchSeconds),
      },
      signal: this.#stop.signal,
    });
    response.setTimeout((watchSeconds + 10) * 1000, () => response.destroy());
    onOpen();
    let partial = '';
    try {
      for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
        const lines = (partial + chunk).split('\n');
        partial = lines.pop() ?? '';
        for (const line of lines) if (line) this.#take(JSON.parse(line) as { type: string; object: T });
      }
    } catch (error) {
      throw error instanceof ClusterError ? error : unreachable(this.#requests.access.server, error);
    }
  }

  #take({ type, object }: { type: string; object: T }): void {
    if (type === 'ERROR') {
      const { code, message } = object as unknown as { code: number; message: string };
      throw new ClusterError('watch-expired', `The watch ended: ${message}; the list is read again.`, { status: code });
    }
    this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') this.#objects.delete(key(object));
    else this.#objects.set(key(object), object);
    this.#changed();
  }

  /** A mistake of whoever listens is no failure of the cluster: it is told with its stack, and the watch goes on. */
  #changed(): void {
    try {
      this.#events.changed();
    } catch (error) {
      process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error), 'ListenerFailed');
    }
  }
}

function key({ metadata }: WatchedObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
