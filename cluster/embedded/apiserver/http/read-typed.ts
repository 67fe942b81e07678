import type { IncomingMessage } from 'node:http';
import { typeOfKind } from '../../../api-schema/facts.ts';
import type { Kind } from '../../kinds/kind.ts';
import { decode, SchemaError, type Decoded } from '../../kinds/schema/schema.ts';
import { badRequest, invalid, type ApiError } from '../api-error.ts';
import { readObject } from './body.ts';

/**
 * The body of a request to something that is not stored: an object of one of Kubernetes' own kinds.
 *
 * @throws ApiError BadRequest, UnsupportedMediaType, RequestEntityTooLarge
 */
export async function readTyped(
  req: IncomingMessage,
  apiVersion: string,
  kind: string,
): Promise<Record<string, unknown>> {
  const model = typeOfKind(apiVersion, kind);
  if (!model) throw new Error(`${apiVersion} ${kind} is no kind of Kubernetes`);
  const body = await readObject(req, model);
  if (body.kind !== undefined && body.kind !== kind) {
    throw badRequest(`${body.kind} in version "${body.apiVersion}" cannot be handled as a ${kind}`);
  }
  return decodeAs(body, { kind, version: apiVersion.split('/').at(-1)!, model }).value as Record<string, unknown>;
}

/** Makes the error for a body that cannot be read, out of what is wrong with it. */
export type Refuse = (detail: string) => ApiError;

/** Of an object that was sent. */
export const cannotBeHandled =
  ({ kind, version }: Pick<Kind, 'kind' | 'version'>): Refuse =>
  (detail) =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${detail}`);

/** Of what a patch makes of an object. */
export const patchInvalid =
  (value: unknown): Refuse =>
  (detail) => {
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(value))}: ${detail}`;
    return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', field: 'patch', message }]);
  };

/**
 * Reads JSON as an object of a kind.
 *
 * @throws ApiError that of `refuse`
 */
export function decodeAs(
  value: unknown,
  kind: Pick<Kind, 'kind' | 'version' | 'model' | 'types'>,
  refuse = cannotBeHandled(kind),
): Decoded {
  try {
    return decode(value, kind.model, kind.types);
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw refuse(cause.message);
  }
}
