import { apiVersionOf } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { badRequest, details, invalid, success } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import type { Handler, Verb } from '../registry/api-resource.ts';
import type { WriteOptions } from '../registry/write-path.ts';
import { checkMayCreate } from './create-permission.ts';
import { contentType, parseBody, readBody, readObject } from './body.ts';
import { decodeObject, notDeclared } from './decode-object.ts';
import { patchInvalid } from './read-typed.ts';
import { fieldManager, flag, isDryRun, optionsInvalid, storageOf, type ApiRequest } from './request.ts';
import { APPLY_PATCH, readPatch } from './patch.ts';
import { listPage, selection } from './list-page.ts';
import { removeOptions } from './remove-options.ts';
import { send } from './respond.ts';
import { sendList, sendObject } from './send-objects.ts';
import { watchObjects } from './watch.ts';

/** GET of one object. */
function getObject(request: ApiRequest): void {
  sendObject(request, 200, storageOf(request).get(request.name!, request.namespace));
}

/** GET of a collection. */
function listObjects(request: ApiRequest): void {
  const { items, metadata } = listPage(request);
  sendList(request, storageOf(request).kind, items, metadata);
}

/** POST to a collection. */
async function createObject(request: ApiRequest): Promise<void> {
  const storage = storageOf(request);
  const given = decodeObject(request, await readObject(request.req, storage.kind.model));
  sendObject(request, 201, storage.create(given, writeOptions(request)));
}

/** PUT of an object or its status. */
async function updateObject(request: ApiRequest): Promise<void> {
  const storage = storageOf(request);
  const body = await readObject(request.req, storage.kind.model);
  const object = decodeObject(request, body);
  const { name, resourceVersion, uid } = object.metadata;
  if (!(body.metadata as Partial<KubeObject['metadata']> | undefined)?.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  const { kind } = storage;
  if (kind.createOnUpdate && !storage.find(name, request.namespace)) {
    checkMayCreate(request);
    return sendObject(request, 201, storage.create(object, writeOptions(request)));
  }
  const isOther = () => ![undefined, storage.get(name, request.namespace).metadata.uid].includes(uid);
  if (kind.conditionalUpdate && !resourceVersion && !isOther()) {
    const message = 'Invalid value: 0: must be specified for an update';
    const named = { group: kind.group, kind: kind.plural };
    throw invalid(named, name, [{ reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message }]);
  }
  sendObject(request, 200, storage.update(object, writeOptions(request)));
}

/** PATCH of an object or its status. */
async function patchObject(request: ApiRequest): Promise<void> {
  const { req, name, namespace } = request;
  const storage = storageOf(request);
  if (contentType(req) === APPLY_PATCH) return applyObject(request);
  if (request.query.get('force'))
    throw optionsInvalid(
      'patch',
      'force',
      'FieldValueForbidden',
      'Forbidden: may not be specified for non-apply patch',
    );
  const patch = readPatch(contentType(req), await readBody(req), storage.kind);
  const change = (old: KubeObject) => {
    const patched = patch(old);
    return decodeObject(request, patched, patchInvalid(patched));
  };
  sendObject(request, 200, storage.modify(name!, namespace, change, writeOptions(request)));
}

/** PATCH by server-side apply. */
async function applyObject(request: ApiRequest): Promise<void> {
  const { query, name, namespace } = request;
  const storage = storageOf(request);
  if (!query.get('fieldManager'))
    throw optionsInvalid('patch', 'fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch');
  const body = parseBody(await readBody(request.req), 'yaml');
  if (!isObject(body)) throw badRequest('the body of the apply is not an object');
  const { kind } = storage;
  if (body.apiVersion !== apiVersionOf(kind) || body.kind !== kind.kind) {
    const { apiVersion = '', kind = '' } = body;
    throw badRequest(`invalid object type: ${String(apiVersion).includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`);
  }
  query.set('fieldValidation', 'Strict');
  const applied = decodeObject(request, body, notDeclared(request, kind, body));
  if (applied.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const force = flag(query, 'force') ?? false;
  if (!storage.find(name!, namespace)) checkMayCreate(request);
  const { object, isNew } = storage.apply(applied, { ...writeOptions(request), force });
  sendObject(request, isNew ? 201 : 200, object);
}

function writeOptions(request: ApiRequest) {
  const { user, query, subresource, warnings } = request;
  return {
    user,
    manager: fieldManager(request),
    dryRun: isDryRun(query, request.verb),
    subresource: subresource as WriteOptions['subresource'],
    warn: (message: string) => warnings.push(message),
  } satisfies WriteOptions;
}

/** DELETE of one object. Objects of some kinds, and whatever stays for a while, are the answer themselves; else it is a Status. */
async function deleteObject(request: ApiRequest): Promise<void> {
  const { name, namespace } = request;
  const storage = storageOf(request);
  const { kind } = storage;
  const last = storage.delete(name!, namespace, await removeOptions(request));
  const stays = last.metadata.deletionTimestamp !== undefined;
  if (stays || kind.answersDeleted) return sendObject(request, 200, last);
  send(request, 200, success({ ...details(storage.name, name), uid: last.metadata.uid }));
}

/** DELETE of a collection. */
async function deleteObjects(request: ApiRequest): Promise<void> {
  const storage = storageOf(request);
  const options = await removeOptions(request);
  const items = storage
    .list(selection(request))
    .map(({ metadata }) => storage.delete(metadata.name, metadata.namespace, options));
  sendList(request, storage.kind, items, { resourceVersion: String(storage.revision) });
}

/** What answers each verb of what is stored. */
export const objectHandlers: Record<Verb, Handler> = {
  get: getObject,
  list: listObjects,
  watch: watchObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteObjects,
};
