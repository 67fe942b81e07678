import type { IncomingMessage } from 'node:http';
import { decodeProtobuf, hasProtobuf, ProtobufError } from '../../kinds/protobuf/decode.ts';
import { yaml } from '../../kinds/yaml.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import { parseMediaTypes } from './media-types.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** As the API server of Kubernetes has it, in bytes. */
const LIMIT = 3 * 1024 * 1024;
/**
 * A body that is too large is read to its end up to here, in bytes, and forgotten: a connection that is closed while its
 * client still sends loses the answer.
 */
const DISCARD_LIMIT = 64 * 1024 * 1024;

/** The media type of a request's body, without parameters; '' without the header. */
export function contentType(req: IncomingMessage): string {
  return parseMediaTypes(req.headers['content-type'])[0]!.type;
}

/**
 * The whole body.
 *
 * @throws ApiError RequestEntityTooLarge
 */
export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  if (Number(req.headers['content-length'] ?? 0) > DISCARD_LIMIT) throw tooLarge();
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > DISCARD_LIMIT) throw tooLarge();
    if (size <= LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > LIMIT) throw tooLarge();
  return Buffer.concat(chunks);
}

/**
 * The body of a request that sends an object, as JSON, YAML or Kubernetes' protobuf.
 *
 * @param model its type in the schema, which is what protobuf is read by: it names no fields
 * @throws ApiError UnsupportedMediaType, BadRequest, RequestEntityTooLarge
 */
export async function readObject(req: IncomingMessage, model: string): Promise<Record<string, unknown>> {
  const type = contentType(req);
  const isYaml = type === 'application/yaml';
  const supported = ['application/json', 'application/yaml', ...(hasProtobuf(model) ? [PROTOBUF] : [])];
  if (type && type !== '*/*' && !supported.includes(type)) throw unsupported(type, supported);
  const body = await readBody(req);
  if (type === PROTOBUF) return readProtobuf(body, model);
  const value = parseBody(body, isYaml ? 'yaml' : 'json');
  if (!isObject(value)) throw badRequest('the body of the request is not an object');
  return value;
}

function readProtobuf(body: Buffer, model: string): Record<string, unknown> {
  try {
    return decodeProtobuf(body, model);
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw badRequest(`the body of the request cannot be read as ${PROTOBUF}: ${cause.message}`, { cause });
  }
}

/** @throws ApiError BadRequest */
export function parseBody(body: Buffer, format: 'json' | 'yaml'): unknown {
  const text = body.toString();
  try {
    return format === 'json' ? JSON.parse(text) : yaml().parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    throw badRequest(`couldn't get version/kind; ${format} parse error: ${message}`, { cause });
  }
}

export function unsupported(type: string, supported: string[]): ApiError {
  return new ApiError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format (${type}) - accepted media types include: ${supported.join(', ')}`,
  );
}

export function tooLarge(what = 'Request entity', limit = LIMIT): ApiError {
  return new ApiError('RequestEntityTooLarge', `${what} too large: limit is ${limit}`);
}
