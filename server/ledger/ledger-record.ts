import { z } from 'zod';

const count = z.int();
const tally = z.object({
  since: z.number(),
  settled: z.object({
    ...{ accepted: count, failed: count, chargedOnce: count, chargedTwice: count },
    ...{ acceptedNeverCharged: count, chargedNeverAccepted: count, inDoubt: count },
  }),
  orders: z.array(z.tuple([z.string(), z.enum(['pending', 'accepted', 'failed']), count])),
});
const cursor = z.string().nullable();

/** How far the books were read, and what was counted until then. */
export const ledgerRecordSchema = z.object({
  /** Of the two books. */
  books: z.tuple([z.string(), z.string()]),
  cursors: z.tuple([cursor, cursor]),
  total: tally,
});

export type LedgerRecord = z.infer<typeof ledgerRecordSchema>;
