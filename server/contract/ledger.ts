import { z } from '@hono/zod-openapi';

/** What the customers got, counted from the databases. */
export const ledgerSchema = z
  .object({
    since: z.number().describe('Unix time in ms from which orders count.'),
    countedAt: z.number().describe('Unix time in ms of the count.'),
    accepted: z.int(),
    failed: z.int().describe('Orders that were tried and turned away or failed.'),
    chargedOnce: z.int(),
    chargedTwice: z.int(),
    acceptedNeverCharged: z.int(),
    chargedNeverAccepted: z.int(),
    inDoubt: z
      .int()
      .describe(
        'Undecided for half a minute or more: whether they were charged, and will be accepted, nobody knows yet.',
      ),
    oversold: z.int().describe('Items sold beyond the stock there was of them.'),
  })
  .openapi('Ledger');
export type Ledger = z.infer<typeof ledgerSchema>;
