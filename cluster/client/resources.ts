import { ClusterError, isNotFound } from './errors.ts';
import type { Requests } from './requests.ts';

/** What names an object; everything the API holds has it. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** The same for the same object, as long as it is written in the same way. */
export function idOf({ apiVersion, kind, metadata }: ObjectReference): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join('|');
}

interface Resource {
  plural: string;
  namespaced: boolean;
}

/** Finds the REST paths of kinds by discovery, so that custom resources need no list here. */
export class Resources {
  readonly #requests: Requests;
  readonly #groups = new Map<string, Promise<Map<string, Resource>>>();

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Path of one object, or of its collection when `name` is left out. Throws ClusterError `unknown-kind`. */
  async path(apiVersion: string, kind: string, namespace?: string, name?: string): Promise<string> {
    const resource = await this.#resource(apiVersion, kind);
    const place = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${root(apiVersion)}${place}/${resource.plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
  }

  /** Whether its objects live in namespaces. Throws ClusterError `unknown-kind`. */
  async namespaced(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.#resource(apiVersion, kind)).namespaced;
  }

  /** To be called after a reconnect: it may be another cluster, or one with more kinds. */
  forget(): void {
    this.#groups.clear();
  }

  async #resource(apiVersion: string, kind: string): Promise<Resource> {
    const resource = (await this.#group(apiVersion)).get(kind);
    if (resource) return resource;
    this.#groups.delete(apiVersion); // its CRD may be on the way
    throw new ClusterError('unknown-kind', `The cluster does not serve ${kind} of ${apiVersion}; install its CRD.`);
  }

  #group(apiVersion: string): Promise<Map<string, Resource>> {
    let group = this.#groups.get(apiVersion);
    if (!group) {
      group = this.#discover(apiVersion);
      this.#groups.set(apiVersion, group);
      group.catch(() => this.#groups.delete(apiVersion)); // a failure is not to be remembered; the caller sees it
    }
    return group;
  }

  async #discover(apiVersion: string): Promise<Map<string, Resource>> {
    try {
      const list = await this.#requests.json<{ resources: { name: string; kind: string; namespaced: boolean }[] }>(
        'GET',
        root(apiVersion),
      );
      const main = list.resources.filter(({ name }) => !name.includes('/'));
      return new Map(main.map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]));
    } catch (error) {
      if (isNotFound(error)) return new Map();
      throw error;
    }
  }
}

/** The core group is served under /api for historical reasons, all others under /apis. */
function root(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
