import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { ApiRequest } from '../http/request.ts';
import type { StoredResource } from './stored-resource.ts';

/** What a request does to a resource, as discovery and RBAC name it. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Answers one request, or throws an ApiError. */
export type Handler = (request: ApiRequest) => void | Promise<void>;

/** What answers requests about a resource or subresource, by verb: discovery, routing and authorization all read this. */
interface Endpoint {
  handlers?: Partial<Record<Verb, Handler>>;
  /**
   * The verb `connect`: what answers these verbs, with or without an Upgrade, by a stream or by bytes of its own. Whatever
   * follows the subresource in the path is `request.rest`; `request.takeOver()` is the socket of an Upgrade.
   */
  connect?: { verbs: Verb[]; handle: Handler };
}

/** A part of the objects of a resource that is read or written by itself: `pods/log`. A file each in ../subresources. */
export interface Subresource extends Endpoint {
  /** Which kinds have it. */
  of(kind: Kind): boolean;
  name: string;
  /** What its bodies are, where that is not the resource's own kind. */
  kind?: string;
  group?: string;
  version?: string;
}

/** What names a resource, stored or not. */
type Named = Pick<
  Kind,
  'group' | 'version' | 'kind' | 'plural' | 'singular' | 'shortNames' | 'categories' | 'namespaced'
>;

/** A resource that is answered without being stored: reviews, metrics. A file each in ../virtual. */
export interface VirtualResource extends Endpoint, Named {}

/** One row of the table of all that is served. */
export interface ApiResource extends Named {
  /** Where the objects are; undefined for a virtual one. */
  storage?: StoredResource;
  endpoint: Endpoint;
  /** By name. */
  subresources: Map<string, Subresource>;
}

/** The verbs of an endpoint in alphabetical order. */
export function verbsOf({ handlers = {}, connect }: Endpoint): Verb[] {
  const own = (Object.keys(handlers) as Verb[]).filter((verb) => handlers[verb]);
  return [...new Set([...own, ...(connect?.verbs ?? [])])].sort();
}

/** What answers a verb; undefined when nothing does. */
export function handlerOf({ handlers, connect }: Endpoint, verb: Verb): Handler | undefined {
  return handlers?.[verb] ?? (connect?.verbs.includes(verb) ? connect.handle : undefined);
}

/** `apps/v1/deployments`: what a row is found by. */
export function rowKey(row: { group: string; version: string; plural: string }): string {
  return `${apiVersionOf(row)}/${row.plural}`;
}
