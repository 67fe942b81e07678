import type { z } from '@hono/zod-openapi';
import { errorSchema } from '../contract/errors.ts';

const failed = { description: 'What went wrong', content: { 'application/json': { schema: errorSchema } } };

/** The answers of a route that gives JSON, for its OpenAPI description. Failures are thrown as CodedError. */
export function answers<S extends z.ZodType>(description: string, schema: S) {
  return { 200: { description, content: { 'application/json': { schema } } }, default: failed };
}

export function created<S extends z.ZodType>(description: string, schema: S) {
  return { 201: { description, content: { 'application/json': { schema } } }, default: failed };
}

/** A required JSON body. The server takes the same as application/yaml. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}
