import { z } from '@hono/zod-openapi';

/** What is kept of the past, and within which bounds. */
export const historySchema = z
  .object({
    from: z.number().nullable().describe('Unix time in ms of the first moment kept; null while there is none.'),
    to: z.number().nullable().describe('Of the last one.'),
    moments: z.int().describe('How many are kept, one a second.'),
    bytes: z.int().describe('What they take in memory, compressed.'),
    maxSeconds: z.int().describe('Older ones are dropped.'),
    maxBytes: z.int().describe('Beyond it the oldest are dropped.'),
  })
  .openapi('History');
export type History = z.infer<typeof historySchema>;
