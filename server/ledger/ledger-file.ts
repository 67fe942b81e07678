import { readFileSync, renameSync, writeFileSync } from 'node:fs';
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
const recordSchema = z.object({
  /** Of the two books. */
  books: z.tuple([z.string(), z.string()]),
  cursors: z.tuple([cursor, cursor]),
  total: tally,
  /** The learner's own; null when that is the total. */
  learner: tally.nullable(),
});

export type LedgerRecord = z.infer<typeof recordSchema>;

/** Keeps a count over a restart. One that cannot be read costs nothing but the reading of all rows again. */
export class LedgerFile {
  readonly #path: string;
  readonly #onProblem: (error: unknown) => void;

  constructor(path: string, onProblem: (error: unknown) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
  }

  read(): LedgerRecord | null {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      this.#onProblem(new Error(`${this.#path} cannot be read; all orders are counted again.`, { cause }));
      return null;
    }
  }

  write(record: LedgerRecord): void {
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(record));
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      this.#onProblem(new Error(`${this.#path} cannot be written; after a restart more is counted again.`, { cause }));
    }
  }
}
