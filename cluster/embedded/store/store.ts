import type { KubeObject } from '../kinds/types.ts';
import type { Database } from './database.ts';
import { deepFreeze } from './freeze.ts';
import type { StoreEvent, StoreListener } from './event.ts';
import { History } from './history.ts';
import { RevisionError } from './revision-error.ts';

interface Watcher {
  /** Wants events after this revision. */
  since: number;
  listener: StoreListener;
}

interface Table {
  objects: Map<string, KubeObject>;
  history: History;
  watchers: Set<Watcher>;
}

export interface StoreOptions {
  /** Where objects survive a restart; without it they do not. */
  database?: Database;
  /** Events kept per resource for watches that resume. */
  historyLimit?: number;
}

/**
 * All objects of the cluster, by resource (`apps/deployments`) and `namespace/name`, in memory and written through to the
 * database. Everything is synchronous, so a caller that reads and writes in one go needs no lock.
 *
 * Revisions are the clock's microseconds at start, then count up: they grow over restarts, even those that lost the database.
 */
export class Store {
  readonly #tables = new Map<string, Table>();
  readonly #database: Database | undefined;
  readonly #historyLimit: number;
  #revision = Date.now() * 1000;
  #deliveries: (() => void)[] = [];

  constructor(options: StoreOptions = {}) {
    this.#database = options.database;
    this.#historyLimit = options.historyLimit ?? 1000;
    for (const { resource, key, object } of this.#database?.load() ?? []) {
      this.#revision = Math.max(this.#revision, Number(object.metadata.resourceVersion));
      this.#table(resource).objects.set(key, deepFreeze(object));
    }
    this.#revision++;
    for (const table of this.#tables.values()) table.history.start = this.#revision;
  }

  /** Of the last write. */
  get revision(): number {
    return this.#revision;
  }

  get(resource: string, key: string): KubeObject | undefined {
    return this.#table(resource).objects.get(key);
  }

  /**
   * All objects of a resource, ordered by key; at an earlier revision, as they were then.
   *
   * @throws ExpiredError
   */
  list(resource: string, revision = this.#revision): KubeObject[] {
    const { objects: now, history } = this.#table(resource);
    if (revision === this.#revision) return ordered(now);
    const objects = new Map(now);
    for (const { key, previous } of history.after(revision, this.#revision).reverse()) {
      if (previous) objects.set(key, previous);
      else objects.delete(key);
    }
    return ordered(objects);
  }

  /**
   * Writes an object, takes it over and freezes it; gives it its resourceVersion. The one it has says what it was made of:
   * none makes a new object.
   *
   * @throws RevisionError
   */
  put(resource: string, key: string, object: KubeObject): KubeObject {
    const { objects } = this.#table(resource);
    const previous = objects.get(key);
    compare(key, previous, object);
    const stored = this.#stamp(object);
    const body = JSON.stringify(stored);
    this.#database?.put(resource, key, body);
    objects.set(key, stored);
    const type = previous ? 'MODIFIED' : 'ADDED';
    this.#publish(resource, { type, key, object: stored, previous, revision: this.#revision }, body.length);
    return stored;
  }

  /**
   * Removes an object of the resourceVersion that `last` has; answers its last state.
   *
   * @throws RevisionError
   */
  remove(resource: string, key: string, last: KubeObject): KubeObject {
    const { objects } = this.#table(resource);
    const previous = objects.get(key);
    if (!previous) throw new RevisionError('KeyNotFound', key);
    compare(key, previous, last);
    const stored = this.#stamp({ ...last });
    this.#database?.remove(resource, key);
    objects.delete(key);
    this.#publish(resource, { type: 'DELETED', key, object: stored, previous, revision: this.#revision });
    return stored;
  }

  /**
   * Calls `listener` for every event after revision `since`, in order, never from inside a write or this call. Without
   * `since`: for every object there is, as ADDED, then for every event. Returns the function that ends it.
   *
   * @throws ExpiredError
   */
  watch(resource: string, since: number | undefined, listener: StoreListener): () => void {
    const table = this.#table(resource);
    const backlog = since === undefined ? this.#current(resource) : table.history.after(since, this.#revision);
    const watcher: Watcher = { since: this.#revision, listener };
    table.watchers.add(watcher);
    for (const event of backlog) this.#deliver(() => void (table.watchers.has(watcher) && call(listener, event)));
    return () => table.watchers.delete(watcher);
  }

  /**
   * Calls `reached` with the revision of now, after every event up to it has been delivered: whoever resumes from there misses
   * nothing.
   */
  mark(reached: (revision: number) => void): void {
    const revision = this.#revision;
    this.#deliver(() => reached(revision));
  }

  /** Reads the objects of a resource anew, as a newer program would have written them. They keep their revisions, and nobody hears of it. */
  reread(resource: string, read: (object: KubeObject) => KubeObject): void {
    const { objects } = this.#table(resource);
    for (const [key, object] of objects) objects.set(key, deepFreeze(read(object)));
  }

  /** Ends all watches and closes the database. */
  close(): void {
    for (const table of this.#tables.values()) table.watchers.clear();
    this.#database?.close();
  }

  #current(resource: string): StoreEvent[] {
    return [...this.#table(resource).objects].sort(byKey).map(([key, object]) => {
      return { type: 'ADDED', key, object, revision: Number(object.metadata.resourceVersion) };
    });
  }

  #table(resource: string): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = { objects: new Map(), history: new History(this.#historyLimit, this.#revision), watchers: new Set() };
      this.#tables.set(resource, table);
    }
    return table;
  }

  #stamp(object: KubeObject): KubeObject {
    this.#revision++;
    return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } });
  }

  #publish(resource: string, event: StoreEvent, size = 0): void {
    const { history, watchers } = this.#table(resource);
    history.add(event, size);
    if (watchers.size === 0) return;
    this.#deliver(() => {
      for (const watcher of watchers) if (watcher.since < event.revision) call(watcher.listener, event);
    });
  }

  /** On the next turn of the event loop: a watcher that writes on every event must not starve sockets and timers. */
  #deliver(delivery: () => void): void {
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > 1) return;
    setImmediate(() => {
      const deliveries = this.#deliveries;
      this.#deliveries = [];
      for (const delivery of deliveries) delivery();
    });
  }
}

/** Compare-and-swap: nobody may have written since the object was read that the write is made of. */
function compare(key: string, present: KubeObject | undefined, { metadata: { resourceVersion } }: KubeObject): void {
  if (present?.metadata.resourceVersion === resourceVersion) return;
  throw new RevisionError(!resourceVersion ? 'KeyExists' : present ? 'RevisionMismatch' : 'KeyNotFound', key);
}

function ordered(objects: Map<string, KubeObject>): KubeObject[] {
  return [...objects].sort(byKey).map(([, object]) => object);
}

const byKey = ([a]: [string, KubeObject], [b]: [string, KubeObject]) => (a < b ? -1 : 1);

/** A listener that throws is a bug and ends the process as any uncaught error does, but not before the others heard. */
function call(listener: StoreListener, event: StoreEvent): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
