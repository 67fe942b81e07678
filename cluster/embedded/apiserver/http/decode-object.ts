import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import { cannotBeHandled, decodeAs, type Refuse } from './read-typed.ts';
import { optionsInvalid, storageOf, type ApiRequest } from './request.ts';

const validations = ['Strict', 'Warn', 'Ignore'];

/**
 * Reads what a client sent as an object of the resource's kind. Unknown fields are an error, a warning or nothing, as the
 * query's fieldValidation says; they never get in.
 *
 * @throws ApiError BadRequest
 */
export function decodeObject(request: ApiRequest, value: unknown, refuse?: Refuse): KubeObject {
  const { kind } = storageOf(request);
  const { value: object, unknown } = decodeAs(value, kind, refuse);
  const read = object as Partial<KubeObject>;
  const apiVersion = apiVersionOf(kind);
  if (read.apiVersion && read.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${read.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (read.kind && read.kind !== kind.kind) {
    throw badRequest(`${read.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`);
  }
  reportUnknown(request, unknown, refuse ?? cannotBeHandled(kind));
  return { ...read, metadata: addressed(request, read.metadata) };
}

/** What server-side apply says of fields that a type does not have. */
export function notDeclared({ name }: ApiRequest, { group, version, kind }: Kind, body: object): Refuse {
  const { namespace = '' } = (body as Partial<KubeObject>).metadata ?? {};
  const what = `${namespace}/${name}; ${group}/${version}, Kind=${kind}`;
  return (detail) => badRequest(`failed to create typed patch object (${what}): ${detail}`);
}

function reportUnknown({ query, warnings, verb }: ApiRequest, unknown: string[], refuse: Refuse): void {
  const validation = query.get('fieldValidation') || 'Warn';
  if (!validations.includes(validation)) {
    const message = `Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`;
    throw optionsInvalid(verb, 'fieldValidation', 'FieldValueNotSupported', message);
  }
  const messages = unknown.map((path) => `unknown field "${path}"`);
  if (messages.length === 0 || validation === 'Ignore') return;
  if (validation === 'Strict') throw refuse(`strict decoding error: ${messages.join(', ')}`);
  warnings.push(...messages);
}

/** The metadata with the namespace and name of the path, which the object may repeat but not contradict. */
function addressed({ namespace, name, resource }: ApiRequest, metadata: Partial<KubeObject['metadata']> = {}) {
  if (namespace && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name && metadata.name && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  const { namespace: _, ...rest } = metadata;
  const home = resource.namespaced ? (namespace ?? metadata.namespace) : undefined;
  return { ...rest, name: metadata.name ?? name ?? '', ...(home !== undefined && { namespace: home }) };
}
