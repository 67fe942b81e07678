import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, invalid, type ApiError } from '../api-error.ts';
import type { NodeProxy } from '../api.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import type { ServiceAccountTokens } from '../auth/service-account-tokens.ts';
import type { UserInfo } from '../auth/user.ts';
import type { ApiResource, Verb } from '../registry/api-resource.ts';
import type { Registry } from '../registry/registry.ts';
import type { StoredResource } from '../registry/stored-resource.ts';
import type { Representation } from './media-types.ts';

/** As FieldManagerMaxLength upstream. */
const MANAGER_LIMIT = 128;

/** What the handlers of requests have at hand. */
export interface ServerContext {
  registry: Registry;
  nodes: NodeProxy;
  tokens: ServiceAccountTokens;
  authorizer: Authorizer;
}

/** One request about a resource, as its handler gets it: somebody known and allowed asks for something that is served. */
export interface ApiRequest {
  req: IncomingMessage;
  /** Also that of a request with an Upgrade, until the socket is taken over. */
  res: ServerResponse;
  query: URLSearchParams;
  user: UserInfo;
  verb: Verb;
  resource: ApiResource;
  subresource: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
  /** What follows the subresource in the path, as it was sent: '' or `/a/b`. Only where something connects. */
  rest: string;
  /** How the client wants objects. A stream, or bytes, are what they are. */
  representation: Representation;
  /** Go into the answer's Warning headers. */
  warnings: string[];
  server: ServerContext;
  /** Hands the socket of a request with an Upgrade over, and what it has already sent; undefined for any other request. */
  takeOver: (() => { socket: Duplex; head: Buffer }) | undefined;
}

/** The objects a request is about, where they are stored. */
export function storageOf({ resource }: Pick<ApiRequest, 'resource'>): StoredResource {
  return resource.storage!;
}

/** An option of the query, or of a delete's body, that cannot be. */
export function optionsInvalid(verb: Verb, field: string, reason: string, message: string): ApiError {
  const kind = `${verb[0]!.toUpperCase()}${verb.slice(1).replace('collection', '')}Options`;
  return invalid({ group: 'meta.k8s.io', kind }, '', [{ reason, field, message }]);
}

/** Whether the query, or the list `dryRun` of a body, asks for a trial only; throws ApiError Invalid for anything but `All`. */
export function isDryRun(query: URLSearchParams, verb: Verb = 'create', more: unknown = []): boolean {
  const values = [...query.getAll('dryRun'), more].flat().filter(Boolean);
  if (values.every((value) => value === 'All')) return values.length > 0;
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  throw optionsInvalid(verb, 'dryRun', 'FieldValueNotSupported', message);
}

/** Whose write this is: the query's fieldManager, else the program in User-Agent. Throws ApiError Invalid when it is too long. */
export function fieldManager({ query, req, verb }: Pick<ApiRequest, 'query' | 'req' | 'verb'>): string {
  const asked = query.get('fieldManager');
  if (asked && asked.length > MANAGER_LIMIT) {
    const message = `Too long: may not be more than ${MANAGER_LIMIT} bytes`;
    throw optionsInvalid(verb, 'fieldManager', 'FieldValueTooLong', message);
  }
  const program = req.headers['user-agent']?.split('/')[0]?.slice(0, MANAGER_LIMIT);
  return asked || program || 'unknown';
}

/** A query parameter that is true or false; as upstream, anything that is not false is true. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return value !== '0' && value.toLowerCase() !== 'false';
}

/** A query parameter that is a whole number; throws ApiError BadRequest for anything else. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^-?\d{1,16}$/.test(value)) return Number(value);
  throw badRequest(`${name} is "${value}"; it has to be a whole number`);
}
