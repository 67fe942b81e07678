import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import { parseMediaTypes } from './media-types.ts';

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
export async function readBody(req: IncomingMessage): Promise<string> {
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
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The body of a request that sends an object, as JSON or YAML.
 *
 * @throws ApiError UnsupportedMediaType, BadRequest, RequestEntityTooLarge
 */
export async function readObject(req: IncomingMessage): Promise<Record<string, unknown>> {
  const type = contentType(req);
  const isYaml = type === 'application/yaml';
  if (type && !isYaml && type !== 'application/json' && type !== '*/*') {
    throw unsupported(type, ['application/json', 'application/yaml']);
  }
  const value = parseBody(await readBody(req), isYaml ? 'yaml' : 'json');
  if (!isObject(value)) throw badRequest('the body of the request is not an object');
  return value;
}

/** @throws ApiError BadRequest */
export function parseBody(text: string, format: 'json' | 'yaml'): unknown {
  try {
    return format === 'json' ? JSON.parse(text) : parseYaml(text);
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

function tooLarge(): ApiError {
  return new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT}`);
}
