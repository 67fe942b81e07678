import { z } from 'zod';
import { statuses } from './fold.ts';

const count = z.int();
const tally = z.object({
  since: z.number(),
  settled: z.object({
    ...{ accepted: count, failed: count, chargedOnce: count, chargedTwice: count },
    ...{ toBePaid: count, acceptedNeverCharged: count, chargedNeverAccepted: count, refunded: count, inDoubt: count },
  }),
  orders: z.array(z.tuple([z.string(), z.enum(statuses), count, count])),
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
