// Version 3, which zod 4 still carries: 4 brings its messages in fifty languages, 8 MB in each of our processes.
import type { ZodType, ZodTypeDef } from 'zod/v3';
import { Failure } from './failure.ts';
import type { RouteContext } from './routes.ts';

const limit = 64 * 1024;

/**
 * The request's body, read from node's own stream: by way of hono it would first become a fetch Request, which costs more
 * than all the rest of a small request.
 *
 * @throws Failure 413 `body-too-large`.
 */
export async function requestBody(c: RouteContext): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed on the way out: the answer goes over the same connection.
  for await (const chunk of c.env.incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size <= limit) continue;
    c.header('connection', 'close');
    throw new Failure(413, 'body-too-large', `The request body is over ${limit} bytes.`);
  }
  return Buffer.concat(chunks);
}

/**
 * The request's JSON body in the shape of `schema`.
 *
 * @throws Failure 413 as above; 400 `malformed-json`, or `invalid-body` with the path and reason of the first thing wrong.
 */
export async function jsonBody<T>(c: RouteContext, schema: ZodType<T, ZodTypeDef, unknown>): Promise<T> {
  const text = (await requestBody(c)).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Failure(400, 'malformed-json', 'The request body is not valid JSON.', { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new Failure(
    400,
    'invalid-body',
    `The request body does not fit: ${where}${issue?.message ?? 'unknown reason'}.`,
  );
}
