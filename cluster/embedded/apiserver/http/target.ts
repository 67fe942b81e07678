import { badRequest } from '../api-error.ts';

/** What a path under /api or /apis is about. */
export interface Target {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** Paths below /namespaces/<name> that are about the namespace itself. */
const namespaceSubresources = ['status', 'finalize'];

/**
 * Reads `/api/v1/namespaces/shop/pods/x/log` and the like; undefined for a path that names no resource.
 *
 * @throws ApiError BadRequest when a part of the path is not valid percent-encoding
 */
export function parseTarget(path: string): Target | undefined {
  const [prefix, ...rest] = path.split('/').filter(Boolean).map(decoded);
  let group = '';
  if (prefix === 'apis') group = rest.shift() ?? '';
  else if (prefix !== 'api') return undefined;
  const version = rest.shift();
  let parts = rest;
  if (!version || parts.length === 0) return undefined;
  let namespace: string | undefined;
  if (parts[0] === 'namespaces' && parts[2] !== undefined && !namespaceSubresources.includes(parts[2])) {
    namespace = parts[1];
    parts = parts.slice(2);
  }
  const [plural, name, subresource, ...more] = parts;
  if (plural === undefined || more.length > 0) return undefined;
  return { group, version, plural, namespace, name, subresource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw badRequest(`the path has a part that is not valid percent-encoding: "${part}"`, { cause });
  }
}
