import { apiVersionOf } from '../../kinds/kind.ts';
import { verbsOf, type ApiResource } from '../registry/api-resource.ts';
import type { Registry } from '../registry/registry.ts';
import { parseMediaTypes } from './media-types.ts';

/** What clients ask first: which groups, versions and resources there are. In the older form of one document each. */
export class Discovery {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * The document at a path, in the aggregated form if the client accepts it; undefined when no discovery is there.
   */
  answer(path: string, accept: string | undefined): { type: string; body: object } | undefined {
    const [root = '', ...parts] = path.split('/').filter(Boolean);
    if (root !== 'api' && root !== 'apis') return undefined;
    const aggregated = parts.length === 0 && acceptedAggregation(accept);
    if (aggregated) {
      const type = `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`;
      return { type, body: this.#aggregated(root, aggregated) };
    }
    const body = parts.length === 0 ? this.#root(root) : this.#plain(root === 'api' ? ['', ...parts] : parts);
    return body && { type: 'application/json', body };
  }

  #root(root: string): object {
    if (root === 'api') return { kind: 'APIVersions', versions: this.#versions(''), serverAddressByClientCIDRs: [] };
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: this.#groups().map((name) => this.#group(name)) };
  }

  #plain([group = '', version, ...more]: string[]): object | undefined {
    if (more.length > 0) return undefined;
    if (version !== undefined) return this.#resourceList(group, version);
    return this.#groups().includes(group) ? { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(group) } : undefined;
  }

  #groups(): string[] {
    return [...new Set(this.#registry.rows.map(({ group }) => group))].filter(Boolean);
  }

  #versions(group: string): string[] {
    return [...new Set(this.#of(group).map(({ version }) => version))];
  }

  #of(group: string, version?: string): ApiResource[] {
    return this.#registry.rows.filter(
      (row) => row.group === group && (version === undefined || row.version === version),
    );
  }

  #group(name: string): object {
    const versions = this.#versions(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  }

  #resourceList(group: string, version: string): object | undefined {
    const rows = this.#of(group, version);
    if (rows.length === 0) return undefined;
    const resources = rows.flatMap((row) => [
      {
        name: row.plural,
        singularName: row.singular,
        namespaced: row.namespaced,
        kind: row.kind,
        verbs: verbsOf(row.endpoint),
        ...names(row),
      },
      ...subresourcesOf(row).map(({ name, verbs, ...responds }) => ({
        name: `${row.plural}/${name}`,
        singularName: '',
        namespaced: row.namespaced,
        ...responds,
        verbs,
      })),
    ]);
    const list = { kind: 'APIResourceList', ...(group && { apiVersion: 'v1' }) };
    return { ...list, groupVersion: apiVersionOf({ group, version }), resources };
  }

  #aggregated(root: string, apiVersion: string): object {
    const groups = root === 'api' ? [''] : this.#groups();
    const items = groups.map((name) => ({
      metadata: { name: name || undefined },
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

function aggregatedResource(row: ApiResource): object {
  return {
    resource: row.plural,
    responseKind: { group: row.group, version: row.version, kind: row.kind },
    scope: row.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: row.singular,
    verbs: verbsOf(row.endpoint),
    ...names(row),
    subresources: subresourcesOf(row).map(({ name, verbs, ...responds }) => ({
      subresource: name,
      responseKind: { group: row.group, version: row.version, ...responds },
      verbs,
    })),
  };
}

function names({ shortNames, categories }: ApiResource): object {
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
}

function subresourcesOf(row: ApiResource) {
  return [...row.subresources.values()].map((subresource) => {
    const { name, group, version, kind = row.kind } = subresource;
    return { name, ...(group && { group, version }), kind, verbs: verbsOf(subresource) };
  });
}
