import type { KubeObject } from '../../kinds/types.ts';
import type { ApiError } from '../api-error.ts';
import { badRequest, invalid, type Status } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import type { RemoveOptions, WriteOptions } from '../registry/resource.ts';
import { contentType, parseBody, readBody, readObject } from './body.ts';
import { fieldManager, flag, isDryRun, wholeNumber, type Call } from './call.ts';
import { decodeObject } from './decode-object.ts';
import { negotiate } from './media-types.ts';
import { APPLY_PATCH, readPatch } from './patch.ts';
import { listPage, selection } from './list-page.ts';
import { includeObject, represent, representList } from './representation.ts';
import { send } from './respond.ts';

/** GET of one object. */
export function getObject(call: Call): void {
  sendObject(call, 200, call.resource.get(call.name!, call.namespace));
}

/** GET of a collection. */
export function listObjects(call: Call): void {
  const { resource, query } = call;
  const representation = negotiate(call.req.headers.accept);
  const { items, metadata } = listPage(call);
  const list = representList(resource.kind, items, metadata, representation, includeObject(query));
  send(call, 200, list, representation.format);
}

/** POST to a collection. */
export async function createObject(call: Call): Promise<void> {
  const { resource, warnings } = call;
  const created = resource.create(decodeObject(call, await readObject(call.req, resource.kind.model)), {
    dryRun: isDryRun(call.query),
    manager: fieldManager(call),
  });
  warnings.push(...(resource.kind.withoutEffect?.(created, undefined) ?? []));
  sendObject(call, 201, created);
}

/** PUT of an object or its status. */
export async function updateObject(call: Call, subresource?: 'status'): Promise<void> {
  const object = decodeObject(call, await readObject(call.req, call.resource.kind.model));
  sendUpdate(call, subresource, (options) => call.resource.update(object, options));
}

/** PATCH of an object or its status. */
export async function patchObject(call: Call, subresource?: 'status'): Promise<void> {
  const { resource, req, name, namespace } = call;
  if (contentType(req) === APPLY_PATCH) return applyObject(call, subresource);
  if (call.query.get('force'))
    throw patchOptionsInvalid('force', 'FieldValueForbidden', 'Forbidden: may not be specified for non-apply patch');
  const patch = readPatch(contentType(req), await readBody(req), resource.kind.kind);
  const change = (old: KubeObject) => decodeObject(call, patch(old));
  sendUpdate(call, subresource, (options) => resource.modify(name!, namespace, change, options));
}

/** PATCH by server-side apply. */
async function applyObject(call: Call, subresource?: 'status'): Promise<void> {
  const { resource, query, warnings } = call;
  const manager = query.get('fieldManager');
  if (!manager)
    throw patchOptionsInvalid('fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch');
  const body = parseBody(await readBody(call.req), 'yaml');
  if (!isObject(body)) throw badRequest('the body of the apply is not an object');
  const applied = decodeObject(call, body);
  if (applied.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const force = flag(query, 'force') ?? false;
  const options = { manager: fieldManager(call), force, dryRun: isDryRun(query), subresource };
  const { object, isNew } = resource.apply(applied, options);
  if (!subresource) warnings.push(...(resource.kind.withoutEffect?.(object, undefined) ?? []));
  sendObject(call, isNew ? 201 : 200, object);
}

function patchOptionsInvalid(field: string, reason: string, message: string): ApiError {
  return invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [{ reason, field, message }]);
}

function sendUpdate(call: Call, subresource: 'status' | undefined, write: (options: WriteOptions) => KubeObject): void {
  const { resource, query, name, namespace, warnings } = call;
  const old = resource.get(name!, namespace);
  const updated = write({ dryRun: isDryRun(query), subresource, manager: fieldManager(call) });
  if (!subresource) warnings.push(...(resource.kind.withoutEffect?.(updated, old) ?? []));
  sendObject(call, 200, updated);
}

/** DELETE of one object. A Pod, and whatever stays for a while, is the answer itself; else it is a Status. */
export async function deleteObject(call: Call): Promise<void> {
  const { resource, name, namespace } = call;
  const last = resource.delete(name!, namespace, await removeOptions(call));
  const stays = last.metadata.deletionTimestamp !== undefined;
  if (stays || resource.kind.gracePeriod) return sendObject(call, 200, last);
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(resource.kind.group && { group: resource.kind.group }),
      kind: resource.kind.plural,
      uid: last.metadata.uid,
    },
  };
  send(call, 200, status);
}

/** DELETE of a collection. */
export async function deleteObjects(call: Call): Promise<void> {
  const { resource } = call;
  const options = await removeOptions(call);
  const items = resource
    .list(selection(call))
    .map(({ metadata }) => resource.delete(metadata.name, metadata.namespace, options));
  send(
    call,
    200,
    representList(
      resource.kind,
      items,
      { resourceVersion: String(resource.revision) },
      { as: 'object', format: 'json' },
      'None',
    ),
  );
}

function sendObject(call: Call, code: number, object: KubeObject): void {
  const representation = negotiate(call.req.headers.accept);
  send(
    call,
    code,
    represent(call.resource.kind, object, representation, includeObject(call.query)),
    representation.format,
  );
}

/** From the body, a DeleteOptions, and from the query. */
async function removeOptions({ req, query }: Pick<Call, 'req' | 'query'>): Promise<RemoveOptions> {
  const hasBody = Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
  const body = hasBody ? await readObject(req, 'V1DeleteOptions') : {};
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(`the body of a delete has to be DeleteOptions, not ${String(body.kind)}`);
  }
  return parseRemoveOptions(body, query);
}

export function parseRemoveOptions(body: Record<string, unknown>, query: URLSearchParams): RemoveOptions {
  const grace = body.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds');
  if (grace !== undefined && grace !== null && (!Number.isInteger(grace) || (grace as number) < 0)) {
    throw badRequest(
      `gracePeriodSeconds is ${JSON.stringify(grace)}; it has to be a whole number of seconds, 0 or more`,
    );
  }
  const policy =
    body.propagationPolicy ?? query.get('propagationPolicy') ?? (body.orphanDependents ? 'Orphan' : 'Background');
  if (policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    throw badRequest(`propagationPolicy is ${JSON.stringify(policy)}; it can be Background, Foreground or Orphan`);
  }
  const wanted = isObject(body.preconditions) ? body.preconditions : {};
  const dryRun = isDryRun(query) || (Array.isArray(body.dryRun) && body.dryRun.includes('All'));
  return {
    gracePeriodSeconds: (grace as number | null | undefined) ?? undefined,
    propagationPolicy: policy,
    dryRun,
    ...(typeof wanted.uid === 'string' && { uid: wanted.uid }),
    ...(typeof wanted.resourceVersion === 'string' && { resourceVersion: wanted.resourceVersion }),
  };
}
