import type { KindMap, KindName, KubeObject, Namespace } from '../kinds/types.ts';
import { badRequest } from './api-error.ts';
import type { Api, DeleteOptions, ListOptions, ServedKind, WatchEvent } from './api.ts';
import { bindPod } from './registry/binding.ts';
import { evictPod } from './registry/eviction.ts';
import { finalizeNamespace } from './registry/finalize.ts';
import { mergePatch } from './registry/json.ts';
import type { IssuedToken, ServiceAccountTokens, TokenSpec } from './auth/service-account-tokens.ts';
import { userOf, type UserInfo } from './auth/user.ts';
import type { ServerContext } from './http/request.ts';
import type { ApiResource } from './registry/api-resource.ts';
import type { Registry } from './registry/registry.ts';

type LocalServer = Pick<ServerContext, 'registry' | 'tokens'>;

/** The API without HTTP: the same table, the same way to the store, by somebody with a name. */
export class LocalApi implements Api {
  readonly #registry: Registry;
  readonly #tokens: ServiceAccountTokens;
  readonly #user: UserInfo;
  readonly #manager: string;

  /** @param manager whose writes these are, in metadata.managedFields */
  constructor({ registry, tokens }: LocalServer, user: UserInfo, manager: string) {
    this.#registry = registry;
    this.#tokens = tokens;
    this.#user = user;
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
    this.#registry.kind(kind).delete(name, namespace, { ...options, user: this.#user });
  }

  async evict(podName: string, namespace: string): Promise<void> {
    evictPod(this.#registry, podName, namespace, { user: this.#user });
  }

  async bind(podName: string, namespace: string, nodeName: string): Promise<void> {
    bindPod(this.#registry.kind('Pod'), podName, namespace, nodeName);
  }

  async finalize(namespace: Namespace): Promise<void> {
    finalizeNamespace(this.#registry.kind('Namespace'), namespace);
  }

  #by(subresource?: 'status') {
    return { user: this.#user, manager: this.#manager, ...(subresource && { subresource }) };
  }

  watch<K extends KindName>(
    kind: K,
    options: ListOptions,
    onEvent: (event: WatchEvent<KindMap[K]>) => void,
  ): () => void {
    return this.#registry.kind(kind).watch(options, undefined, (event) => onEvent(event as WatchEvent<KindMap[K]>));
  }

  async createToken(serviceAccount: string, namespace: string, spec: TokenSpec): Promise<IssuedToken['status']> {
    return (await this.#tokens.issue(serviceAccount, namespace, spec)).status;
  }

  kinds(): ServedKind[] {
    return this.#registry.rows.flatMap((row) => this.#served(row) ?? []);
  }

  watchKinds(onKind: (kind: ServedKind) => (() => void) | void): () => void {
    return this.#registry.watch((row) => {
      const kind = this.#served(row);
      if (kind) return onKind(kind);
    });
  }

  as(username: string, manager = username.slice(username.lastIndexOf(':') + 1)): Api {
    return new LocalApi({ registry: this.#registry, tokens: this.#tokens }, userOf(username), manager);
  }

  /** Of several versions of a kind the first stands for all: they are the same objects. */
  #served({ storage, group, kind, plural, namespaced }: ApiResource): ServedKind | undefined {
    const name = `${kind}.${group}` as KindName;
    return storage && this.#registry.kind(name) === storage ? { name, group, kind, plural, namespaced } : undefined;
  }
}
