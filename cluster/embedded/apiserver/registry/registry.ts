import type { Kind } from '../../kinds/kind.ts';
import type { Store } from '../../store/store.ts';
import type { AdmissionPlugin } from '../admission/admission.ts';
import { ApiError } from '../api-error.ts';
import {
  rowKey,
  type ApiResource,
  type Handler,
  type Subresource,
  type Verb,
  type VirtualResource,
} from './api-resource.ts';
import { StoredResource } from './stored-resource.ts';

export interface RegistryOptions {
  store: Store;
  /** What answers each verb of what is stored. */
  handlers: Record<Verb, Handler>;
  /** All subresources there are. */
  subresources: Subresource[];
  admission: AdmissionPlugin[];
}

/** Told of every row there is and comes; what it answers is called when the row goes. */
export type RowListener = (row: ApiResource) => (() => void) | void;

/**
 * The table of all that the API serves, by group, version and plural. It may grow and shrink while the server runs; whoever
 * handles all kinds alike reads it instead of a list of its own.
 */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #rows = new Map<string, ApiResource>();
  /** By listener: what to call when a row goes. */
  readonly #listeners = new Map<RowListener, Map<ApiResource, (() => void) | void>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Serves the objects of a kind. Answers what ends that; the objects stay in the store. */
  registerKind(kind: Kind): () => void {
    const { store, admission, handlers, subresources } = this.#options;
    const storage = new StoredResource(kind, store, { registry: this, plugins: admission });
    const own = subresources.filter((subresource) => subresource.of(kind));
    const { group, version, plural, singular, shortNames, categories, namespaced } = kind;
    return this.#add({
      ...{ group, version, kind: kind.kind, plural, singular, shortNames, categories, namespaced },
      storage,
      endpoint: { handlers: kind.oneByOne ? { ...handlers, deletecollection: undefined } : handlers },
      subresources: new Map(own.map((subresource) => [subresource.name, subresource])),
    });
  }

  /** Serves what is not stored. Answers what ends that. */
  registerVirtual({ handlers, connect, ...resource }: VirtualResource): () => void {
    return this.#add({ ...resource, endpoint: { handlers, connect }, subresources: new Map() });
  }

  /** In the order they were registered in. */
  get rows(): ApiResource[] {
    return [...this.#rows.values()];
  }

  /** By the parts of a path; undefined when there is none. */
  find(group: string, version: string, plural: string): ApiResource | undefined {
    return this.#rows.get(rowKey({ group, version, plural }));
  }

  /**
   * The objects of a kind: `Pod`, or where two groups have a kind of that name `Event.events.k8s.io`. Of several versions the first.
   *
   * @throws ApiError NotFound
   */
  kind(name: string): StoredResource {
    const [kind, ...group] = name.split('.');
    for (const { storage } of this.#rows.values()) {
      if (!storage || storage.kind.kind !== kind) continue;
      if (!name.includes('.') || storage.kind.group === group.join('.')) return storage;
    }
    throw new ApiError('NotFound', `no kind "${name}" is registered`);
  }

  /** Calls the listener for every row there is, and for each that comes. Answers what ends that. */
  watch(listener: RowListener): () => void {
    const told = new Map(this.rows.map((row) => [row, listener(row)]));
    this.#listeners.set(listener, told);
    return () => {
      this.#listeners.delete(listener);
      for (const end of told.values()) end?.();
    };
  }

  #add(row: ApiResource): () => void {
    const key = rowKey(row);
    if (this.#rows.has(key)) throw new Error(`${key} is registered already`);
    this.#rows.set(key, row);
    for (const [listener, told] of this.#listeners) told.set(row, listener(row));
    return () => {
      if (!this.#rows.delete(key)) return;
      for (const told of this.#listeners.values()) {
        told.get(row)?.();
        told.delete(row);
      }
    };
  }
}
