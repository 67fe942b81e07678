import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { Registry } from '../registry/registry.ts';
import { parseMediaTypes } from './media-types.ts';

const objectVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

interface DiscoveredSubresource {
  name: string;
  group: string;
  version: string;
  kind: string;
  verbs: string[];
}

/** What clients ask first: which groups, versions and resources there are. In the older form of one document each. */
export class Discovery {
  readonly #kinds: Kind[];

  constructor(registry: Registry) {
    this.#kinds = registry.resources.map(({ kind }) => kind);
  }

  /**
   * The document at a path, in the aggregated form if the client accepts it; undefined when no discovery is there.
   */
  answer(path: string, accept: string | undefined): { type: string; body: object } | undefined {
    const parts = path.split('/').filter(Boolean);
    const [root, group = '', version] = parts;
    if (parts.length === 1 && (root === 'api' || root === 'apis')) {
      const aggregated = acceptedAggregation(accept);
      if (aggregated) {
        const type = `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`;
        return { type, body: this.#aggregated(root, aggregated) };
      }
    }
    const body = this.#plain(root, parts.length, root === 'api' ? '' : group, root === 'api' ? group : version);
    return body && { type: 'application/json', body };
  }

  #plain(root: string | undefined, depth: number, group: string, version: string | undefined): object | undefined {
    if (root === 'api') {
      if (depth === 1) return { kind: 'APIVersions', versions: this.#versions(''), serverAddressByClientCIDRs: [] };
      return depth === 2 ? this.#resourceList('', version!) : undefined;
    }
    if (root !== 'apis' || depth > 3) return undefined;
    if (depth === 1)
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: this.#groups().map((name) => this.#group(name)) };
    if (!this.#groups().includes(group)) return undefined;
    return depth === 2
      ? { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(group) }
      : this.#resourceList(group, version!);
  }

  #groups(): string[] {
    return [...new Set(this.#kinds.map(({ group }) => group))].filter(Boolean);
  }

  #versions(group: string): string[] {
    return [...new Set(this.#of(group).map(({ version }) => version))];
  }

  #of(group: string, version?: string): Kind[] {
    return this.#kinds.filter((kind) => kind.group === group && (version === undefined || kind.version === version));
  }

  #group(name: string): object {
    const versions = this.#versions(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  }

  #resourceList(group: string, version: string): object | undefined {
    const kinds = this.#of(group, version);
    if (kinds.length === 0) return undefined;
    const resources = kinds.flatMap((kind) => [
      {
        name: kind.plural,
        singularName: kind.singular,
        namespaced: kind.namespaced,
        kind: kind.kind,
        verbs: objectVerbs,
        ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
        ...(kind.categories.length > 0 && { categories: kind.categories }),
      },
      ...subresourcesOf(kind).map(({ name, verbs, ...responds }) => ({
        name: `${kind.plural}/${name}`,
        singularName: '',
        namespaced: kind.namespaced,
        ...responds,
        verbs,
      })),
    ]);
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources };
  }

  #aggregated(root: string, apiVersion: string): object {
    const groups = root === 'api' ? [''] : this.#groups();
    const items = groups.map((name) => ({
      metadata: { name: name || undefined, creationTimestamp: null },
      versions: this.#versions(name).map((version) => ({
        version,
        freshness: 'Current',
        resources: this.#of(name, version).map(aggregatedResource),
      })),
    }));
    return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${apiVersion}`, metadata: {}, items };
  }
}

/** `v2` or `v2beta1`, whichever the client names first; undefined for neither. */
function acceptedAggregation(accept: string | undefined): string | undefined {
  const wanted = parseMediaTypes(accept).find(
    ({ type, parameters: { as, g, v } }) =>
      type === 'application/json' &&
      as === 'APIGroupDiscoveryList' &&
      g === 'apidiscovery.k8s.io' &&
      /^v2(beta1)?$/.test(v ?? ''),
  );
  return wanted?.parameters.v;
}

function aggregatedResource(kind: Kind): object {
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: objectVerbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    subresources: subresourcesOf(kind).map(({ name, verbs, ...responseKind }) => ({
      subresource: name,
      responseKind,
      verbs,
    })),
  };
}

function subresourcesOf(kind: Kind): DiscoveredSubresource[] {
  const { group, version } = kind;
  const own = (kind.subresources ?? []).map((sub) => ({
    name: sub.name,
    group: sub.group ?? group,
    version: sub.version ?? version,
    kind: sub.kind,
    verbs: sub.verbs,
  }));
  if (kind.status) own.push({ name: 'status', group, version, kind: kind.kind, verbs: statusVerbs });
  if (kind.scale) own.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: statusVerbs });
  return own;
}
