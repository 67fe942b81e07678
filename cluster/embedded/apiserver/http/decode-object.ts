import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { decode, SchemaError, type Decoded } from '../../kinds/schema/schema.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import type { Call } from './call.ts';

const validations = ['Strict', 'Warn', 'Ignore'];

/**
 * Reads what a client sent as an object of the resource's kind. Unknown fields are an error, a warning or nothing, as the
 * query's fieldValidation says; they never get in.
 *
 * @throws ApiError BadRequest
 */
export function decodeObject(call: Call, value: unknown): KubeObject {
  const { kind } = call.resource;
  const { value: object, unknown } = decodeAs(value, kind);
  const read = object as Partial<KubeObject>;
  const apiVersion = apiVersionOf(kind);
  if (read.apiVersion && read.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${read.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (read.kind && read.kind !== kind.kind) {
    throw badRequest(`${read.kind} in version "${apiVersion}" cannot be handled as a ${kind.kind}`);
  }
  reportUnknown(call, unknown);
  return { ...read, metadata: addressed(call, read.metadata) };
}

function decodeAs(value: unknown, kind: Kind): Decoded {
  try {
    return decode(value, kind.model, kind.types);
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${cause.message}`,
      { cause },
    );
  }
}

function reportUnknown({ query, warnings }: Call, unknown: string[]): void {
  const validation = query.get('fieldValidation') || 'Warn';
  if (!validations.includes(validation)) {
    throw badRequest(`fieldValidation is "${validation}"; it can be ${validations.join(', ')}`);
  }
  const messages = unknown.map((path) => `unknown field "${path}"`);
  if (messages.length === 0 || validation === 'Ignore') return;
  if (validation === 'Strict') throw badRequest(`strict decoding error: ${messages.join(', ')}`);
  warnings.push(...messages);
}

/** The metadata with the namespace and name of the path, which the object may repeat but not contradict. */
function addressed({ namespace, name, resource }: Call, metadata: Partial<KubeObject['metadata']> = {}) {
  if (namespace && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request: ` +
        `${metadata.namespace} and ${namespace}`,
    );
  }
  if (name && metadata.name && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  const full = { ...metadata, name: metadata.name ?? name ?? '' };
  return resource.kind.namespaced && namespace ? { ...full, namespace } : full;
}
