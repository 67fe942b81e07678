import type { Status } from '../api-error.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { bindPod } from '../registry/binding.ts';
import { isObject } from '../registry/json.ts';
import { readObject } from './body.ts';
import { isDryRun, type Call } from './call.ts';
import { parseRemoveOptions } from './objects.ts';
import { send } from './respond.ts';

const success: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** POST pods/<name>/binding: puts a pod on a node. */
export async function createBinding(call: Call): Promise<void> {
  const { target } = await readOf(call, 'Binding');
  if (!isObject(target) || typeof target.name !== 'string' || !target.name) {
    throw badRequest('a Binding has to name a node: target.name');
  }
  if (!isDryRun(call.query)) bindPod(call.resource, call.name!, namespaceOf(call), target.name);
  send(call, 201, success);
}

/** POST pods/<name>/eviction: a delete that could be refused to keep a service up. */
export async function createEviction(call: Call): Promise<void> {
  const { deleteOptions } = await readOf(call, 'Eviction');
  const options = parseRemoveOptions(isObject(deleteOptions) ? deleteOptions : {}, call.query);
  call.resource.delete(call.name!, call.namespace, options);
  send(call, 201, success);
}

async function readOf({ req }: Call, kind: 'Binding' | 'Eviction'): Promise<Record<string, unknown>> {
  if (req.method !== 'POST') throw new ApiError('MethodNotAllowed', `a ${kind} can only be created`);
  const body = await readObject(req, `V1${kind}`);
  if (body.kind === undefined || body.kind === kind) return body;
  throw badRequest(`the body has to be of kind ${kind}, not ${String(body.kind)}`);
}

function namespaceOf({ namespace }: Call): string {
  if (namespace) return namespace;
  throw badRequest('a pod lives in a namespace; the path names none');
}
