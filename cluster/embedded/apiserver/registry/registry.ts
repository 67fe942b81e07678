import { kinds as allKinds } from '../../kinds/index.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import type { Store } from '../../store/store.ts';
import { ApiError, badRequest, forbidden, notFound } from '../api-error.ts';
import { Resource } from './resource.ts';

/** All resources of the API, by kind and by path. */
export class Registry {
  readonly resources: Resource[];
  readonly #byKind: Map<string, Resource>;

  constructor(store: Store, kinds: Kind[] = allKinds) {
    this.resources = kinds.map((kind) => new Resource(kind, store, (kind, object) => this.#admit(kind, object)));
    this.#byKind = new Map(this.resources.map((resource) => [resource.kind.kind, resource]));
  }

  /** By kind name; throws ApiError NotFound. */
  kind(name: string): Resource {
    const resource = this.#byKind.get(name);
    if (!resource) throw new ApiError('NotFound', `no kind "${name}" is registered`);
    return resource;
  }

  /** By the parts of a path; undefined when there is none. */
  find(group: string, version: string, plural: string): Resource | undefined {
    return this.resources.find(
      ({ kind }) => kind.group === group && kind.version === version && kind.plural === plural,
    );
  }

  /** Nothing new goes into a namespace that is not there or on its way out. */
  #admit(kind: Kind, { metadata }: KubeObject): void {
    if (!kind.namespaced) {
      if (metadata.namespace)
        throw badRequest(`${kind.plural} live in no namespace; "${metadata.namespace}" was given`);
      return;
    }
    if (!metadata.namespace)
      throw badRequest(`${kind.plural} live in a namespace; none was given for "${metadata.name}"`);
    const namespaces = this.kind('Namespace');
    const namespace = namespaces.list({ fieldSelector: `metadata.name=${metadata.namespace}` })[0];
    if (!namespace) throw notFound(namespaces.name, metadata.namespace);
    if (namespace.metadata.deletionTimestamp) {
      const message = `unable to create new content in namespace ${metadata.namespace} because it is being terminated`;
      const cause = {
        reason: 'NamespaceTerminating',
        message: `namespace ${metadata.namespace} is being terminated`,
        field: 'metadata.namespace',
      };
      throw forbidden({ group: kind.group, plural: kind.plural }, metadata.name, message, [cause]);
    }
  }
}
