import { z } from '@hono/zod-openapi';
import type { ErrorBody } from '../../contract/errors.ts';
import { errorKinds } from '../../errors.ts';
import { schemaOf } from './schema-of.ts';

const codes = Object.entries(errorKinds).map(([code, { status, action }]) => `- \`${code}\` (${status}): ${action}`);

export const errorSchema = schemaOf<ErrorBody>()(
  z
    .object({
      error: z.object({
        code: z.string().describe(`Stable, for programs. One of:\n${codes.join('\n')}`),
        message: z.string().describe('What happened, and where.'),
        action: z.string().describe('What to do about it.'),
      }),
    })
    .openapi('Error'),
);
