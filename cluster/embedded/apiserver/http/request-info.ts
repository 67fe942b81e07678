import { badRequest } from '../api-error.ts';
import type { Attributes } from '../auth/authorizer.ts';
import { flag } from './request.ts';
import type { Verb } from '../registry/api-resource.ts';

/** What a path under /api or /apis is about. */
export interface Target {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  subresource?: string;
  /** What follows the subresource, as it was sent: '' or `/a/b`. */
  rest: string;
}

/** Paths below /namespaces/<name> that are about the namespace itself. */
const namespaceSubresources = ['status', 'finalize'];

/**
 * Reads `/api/v1/namespaces/shop/pods/x/log` and the like; undefined for a path that names no resource.
 *
 * @throws ApiError BadRequest when a part of the path is not valid percent-encoding
 */
export function parseTarget(path: string): Target | undefined {
  const [prefix, ...segments] = path.split('/').slice(1);
  let group = '';
  if (prefix === 'apis') group = decoded(segments.shift() ?? '');
  else if (prefix !== 'api') return undefined;
  const version = decoded(segments.shift() ?? '');
  let parts = segments;
  if (!version || !parts[0]) return undefined;
  let namespace: string | undefined;
  if (parts[0] === 'namespaces' && parts[2] && !namespaceSubresources.includes(parts[2])) {
    namespace = decoded(parts[1]!);
    parts = parts.slice(2);
  }
  const [plural, name, subresource] = parts.slice(0, 3).map((part) => decoded(part) || undefined);
  const rest = ['', ...parts.slice(3)].join('/');
  return { group, version, plural: plural!, namespace, name, subresource, rest };
}

/** As RequestInfo upstream: what a method does to what a path names. Undefined where that is nothing. */
export function verbOf(
  method: string | undefined,
  { name, subresource }: Target,
  query: URLSearchParams,
): Verb | undefined {
  // What passes on all methods knows these too.
  if (subresource === 'proxy' && (method === 'HEAD' || method === 'OPTIONS')) return 'get';
  switch (method) {
    case 'GET':
      if (subresource === undefined && flag(query, 'watch')) return 'watch';
      return name === undefined ? 'list' : 'get';
    case 'POST':
      return name === undefined || subresource !== undefined ? 'create' : undefined;
    case 'PUT':
      return name === undefined ? undefined : 'update';
    case 'PATCH':
      return name === undefined ? undefined : 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

/** What a request wants to do, for authorization. A collection that is read or deleted of one object by name is that object. */
export function attributesOf(verb: Verb, target: Target, query: URLSearchParams): Attributes {
  const { group, plural, subresource, namespace } = target;
  const fields = verb === 'create' ? null : query.get('fieldSelector');
  const name = target.name ?? /^metadata\.name==?([^,=]+)$/.exec(fields ?? '')?.[1];
  // A namespace is in itself, so that a role in it can allow reading it.
  const home = group === '' && plural === 'namespaces' ? target.name : namespace;
  return { verb, group, resource: plural, subresource, namespace: home, name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw badRequest(`the path has a part that is not valid percent-encoding: "${part}"`, { cause });
  }
}
