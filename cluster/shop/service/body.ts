import type { Context } from 'hono';
// Version 3, which zod 4 still carries: 4 brings its messages in fifty languages, 8 MB in each of our processes.
import type { ZodType, ZodTypeDef } from 'zod/v3';
import { Failure } from './failure.ts';

/**
 * The request's JSON body in the shape of `schema`.
 *
 * @throws Failure 400 `malformed-json`, or `invalid-body` with the path and reason of the first thing wrong.
 */
export async function jsonBody<T>(c: Context, schema: ZodType<T, ZodTypeDef, unknown>): Promise<T> {
  const text = await c.req.text();
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
