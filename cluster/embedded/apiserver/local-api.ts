import type { KindMap, KindName, KubeObject } from '../kinds/types.ts';
import { badRequest } from './api-error.ts';
import type { Api, DeleteOptions, ListOptions, WatchEvent } from './api.ts';
import { bindPod } from './registry/binding.ts';
import { mergePatch } from './registry/json.ts';
import type { Registry } from './registry/registry.ts';

/** The API without HTTP, over the same registry, so the same rules hold. */
export class LocalApi implements Api {
  readonly #registry: Registry;
  readonly #manager: string;

  /** @param manager whose writes these are, in metadata.managedFields */
  constructor(registry: Registry, manager: string) {
    this.#registry = registry;
    this.#manager = manager;
  }

  async get<K extends KindName>(kind: K, name: string, namespace?: string): Promise<KindMap[K]> {
    return this.#registry.kind(kind).get(name, namespace) as KindMap[K];
  }

  async list<K extends KindName>(kind: K, options: ListOptions = {}) {
    const resource = this.#registry.kind(kind);
    return { items: resource.list(options) as KindMap[K][], resourceVersion: String(resource.revision) };
  }

  async create<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]> {
    return this.#registry.kind(kind).create(object, this.#by()) as KindMap[K];
  }

  async update<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]> {
    return this.#registry.kind(kind).update(object, this.#by()) as KindMap[K];
  }

  async updateStatus<K extends KindName>(kind: K, object: KindMap[K]): Promise<KindMap[K]> {
    return this.#registry.kind(kind).update(object, this.#by('status')) as KindMap[K];
  }

  async patch<K extends KindName>(
    kind: K,
    name: string,
    namespace: string | undefined,
    patch: object,
    subresource?: 'status',
  ): Promise<KindMap[K]> {
    if (subresource === 'status' && !('status' in patch)) {
      throw badRequest(`a patch of the status of ${kind} "${name}" has to look like {status: {...}}`);
    }
    const change = (old: KubeObject) => mergePatch(old, patch) as KubeObject;
    return this.#registry.kind(kind).modify(name, namespace, change, this.#by(subresource)) as KindMap[K];
  }

  async delete<K extends KindName>(kind: K, name: string, namespace?: string, options?: DeleteOptions): Promise<void> {
    this.#registry.kind(kind).delete(name, namespace, options);
  }

  async bind(podName: string, namespace: string, nodeName: string): Promise<void> {
    bindPod(this.#registry.kind('Pod'), podName, namespace, nodeName);
  }

  #by(subresource?: 'status') {
    return { manager: this.#manager, ...(subresource && { subresource }) };
  }

  watch<K extends KindName>(
    kind: K,
    options: ListOptions,
    onEvent: (event: WatchEvent<KindMap[K]>) => void,
  ): () => void {
    return this.#registry.kind(kind).watch(options, undefined, (event) => onEvent(event as WatchEvent<KindMap[K]>));
  }
}
