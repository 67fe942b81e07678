import type { KubeObject } from '../../kinds/types.ts';
import { ExpiredError } from '../../store/history.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import { wholeNumber, type Call } from './call.ts';
import type { ListMeta } from './representation.ts';

/** Where a page of a list begins: a `continue` token says this, and clients know nothing of it. */
interface PageStart {
  /** Of the first page: all pages show the objects as they were then. */
  revision: number;
  /** `namespace/name` of the last object before. */
  after: string;
}

/**
 * What a list asks for: all of it, or with `limit` a page, the next by `continue`.
 *
 * @throws ApiError BadRequest; Expired when too much has changed since the first page; Timeout
 */
export function listPage(call: Call): { items: KubeObject[]; metadata: ListMeta } {
  const { query, resource } = call;
  const limit = wholeNumber(query, 'limit') || Infinity;
  const start = pageStart(query);
  if (start === undefined) checkListVersion(query, resource.revision);
  const revision = start?.revision ?? resource.revision;
  const selected = selection(call);
  const rest = objectsAt(call, revision).filter((object) => start === undefined || keyOf(object) > start.after);
  const items = rest.slice(0, limit);
  const metadata: ListMeta = { resourceVersion: String(revision) };
  if (rest.length > items.length) {
    metadata.continue = tokenOf({ revision, after: keyOf(items.at(-1)!) });
    // As in Kubernetes, which does not count what a selector would leave.
    if (!selected.labelSelector && !selected.fieldSelector) metadata.remainingItemCount = rest.length - items.length;
  }
  return { items, metadata };
}

/** What of a collection the request is about. */
export function selection({ namespace, name, query }: Call) {
  const fields = [query.get('fieldSelector'), name && `metadata.name=${name}`].filter(Boolean).join(',');
  return { namespace, labelSelector: query.get('labelSelector') ?? undefined, fieldSelector: fields || undefined };
}

function objectsAt(call: Call, revision: number): KubeObject[] {
  try {
    return call.resource.list(selection(call), revision);
  } catch (cause) {
    if (!(cause instanceof ExpiredError)) throw cause;
    throw new ApiError(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      undefined,
      { cause },
    );
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function tokenOf(start: PageStart): string {
  return Buffer.from(JSON.stringify(start)).toString('base64url');
}

function pageStart(query: URLSearchParams): PageStart | undefined {
  const token = query.get('continue');
  if (!token) return undefined;
  if (wholeNumber(query, 'resourceVersion')) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  let start: unknown;
  try {
    start = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (cause) {
    throw badRequest('continue key is not valid: it has to be that of the page before', { cause });
  }
  const { revision, after } = isObject(start) ? start : {};
  if (Number.isSafeInteger(revision) && typeof after === 'string') return { revision: revision as number, after };
  throw badRequest('continue key is not valid: it has to be that of the page before');
}

/** Only the latest state can be listed: an older one exactly, or one that has not been reached, cannot. */
function checkListVersion(query: URLSearchParams, latest: number): void {
  const version = wholeNumber(query, 'resourceVersion');
  const match = query.get('resourceVersionMatch');
  if (match && version === undefined) {
    throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  if (match && match !== 'Exact' && match !== 'NotOlderThan') {
    throw badRequest(`resourceVersionMatch is "${match}"; it can be Exact or NotOlderThan`);
  }
  if (version === undefined) return;
  if (version > latest) throw new ApiError('Timeout', `Too large resource version: ${version}, current: ${latest}`);
  if (match === 'Exact' && version !== latest) {
    throw new ApiError('Expired', `The provided resource version ${version} is too old; only ${latest} can be listed`);
  }
}
