import type { KubeObject } from '../../kinds/types.ts';
import { ExpiredError } from '../../store/history.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { optionsInvalid, storageOf, wholeNumber, type ApiRequest } from './request.ts';
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
export function listPage(request: ApiRequest): { items: KubeObject[]; metadata: ListMeta } {
  const { query } = request;
  const storage = storageOf(request);
  const limit = Math.max(wholeNumber(query, 'limit') ?? 0, 0) || Infinity;
  const start = pageStart(query);
  const exact = start === undefined ? exactVersion(query, storage.revision) : undefined;
  const revision = start?.revision ?? exact ?? storage.revision;
  const selected = selection(request);
  const rest = objectsAt(request, revision).filter((object) => start === undefined || keyOf(object) > start.after);
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
export function selection({ namespace, name, query }: ApiRequest) {
  const fields = [query.get('fieldSelector'), name && `metadata.name=${name}`].filter(Boolean).join(',');
  return { namespace, labelSelector: query.get('labelSelector') ?? undefined, fieldSelector: fields || undefined };
}

function objectsAt(request: ApiRequest, revision: number): KubeObject[] {
  try {
    return storageOf(request).list(selection(request), revision);
  } catch (cause) {
    if (!(cause instanceof ExpiredError)) throw cause;
    throw new ApiError(
      'Expired',
      !request.query.get('continue')
        ? `The resourceVersion for the provided list is too old: ${revision}`
        : 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
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
  const { revision, after } = partsOf(token);
  if (Number.isSafeInteger(revision) && typeof after === 'string') return { revision: revision as number, after };
  throw badRequest('continue key is not valid: it has to be that of the page before');
}

/** What is no token has no parts. */
function partsOf(token: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    return {};
  }
}

/**
 * The revision a list is asked for exactly; undefined for the latest.
 *
 * @throws ApiError Invalid, Timeout
 */
function exactVersion(query: URLSearchParams, latest: number): number | undefined {
  const version = wholeNumber(query, 'resourceVersion');
  const match = query.get('resourceVersionMatch');
  if (query.get('sendInitialEvents') !== null) throw listOptionsInvalid('sendInitialEvents is forbidden for list');
  if (match && version === undefined) {
    throw listOptionsInvalid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  if (match && match !== 'Exact' && match !== 'NotOlderThan') {
    const message = `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`;
    throw optionsInvalid('list', 'resourceVersionMatch', 'FieldValueNotSupported', message);
  }
  if (match === 'Exact' && version === 0) {
    throw listOptionsInvalid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (version !== undefined && version > latest) {
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
    const message = `Timeout: Too large resource version: ${version}, current: ${latest}`;
    throw new ApiError('Timeout', message, { causes, retryAfterSeconds: 1 });
  }
  return match === 'Exact' ? version : undefined;
}

export function listOptionsInvalid(message: string): ApiError {
  return optionsInvalid('list', 'resourceVersionMatch', 'FieldValueForbidden', `Forbidden: ${message}`);
}
