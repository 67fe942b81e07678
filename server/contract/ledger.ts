import { z } from '@hono/zod-openapi';

/** What the customers got, counted from the databases. */
export const ledgerSchema = z
  .object({
    since: z.number().describe('Unix time in ms from which orders count.'),
    countedAt: z.number().describe('Unix time in ms of the count.'),
    accepted: z
      .int()
      .describe('Orders that their customers have been told of as accepted, paid already or to be paid.'),
    failed: z.int().describe('Orders that were tried and turned away or failed.'),
    chargedOnce: z.int(),
    chargedTwice: z.int(),
    toBePaid: z
      .int()
      .describe(
        'Accepted before they were paid, by events or with the charge kept for later, and not charged for less than a minute.',
      ),
    acceptedNeverCharged: z.int().describe('Of those to be paid, the ones that are not charged after a minute too.'),
    chargedNeverAccepted: z.int().describe('Failed orders that were charged and not given back.'),
    refunded: z.int().describe('Orders whose charges were given back.'),
    inDoubt: z
      .int()
      .describe(
        'Undecided for half a minute or more: whether they were charged, and will be accepted, nobody knows yet.',
      ),
    mailsTwice: z.int().describe('Mails that had been sent before.'),
    oversold: z.int().describe('Items sold beyond the stock there was of them.'),
  })
  .openapi('Ledger');
export type Ledger = z.infer<typeof ledgerSchema>;
