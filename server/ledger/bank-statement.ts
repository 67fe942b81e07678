import { z } from 'zod';
import type { PodRequest, PodResponse } from '../../cluster/client/http-over-port.ts';
import type { ChargeBook } from './books.ts';
import type { Movements } from './fold.ts';

/** Asks the bank; throws when it cannot be reached. */
export type AskBank = (request: PodRequest) => Promise<PodResponse>;

/** What one answer of the bank holds at most. */
const pageLines = 1_000;

const statementSchema = z.object({
  book: z.uuidv7(),
  lines: z.array(z.object({ sequence: z.int(), reference: z.string(), amountCents: z.int() })).max(pageLines),
});
const movements = z.object({ charges: z.int(), refunds: z.int() });
const countsSchema = z.object({ book: z.uuidv7(), counts: z.array(movements).max(pageLines) });

/**
 * The bank's book, as a third party lets its merchants read it: by statements. A line's sequence grows in the order charges
 * were committed, so the last one read is the cursor.
 */
export function chargeBook(ask: AskBank): ChargeBook {
  let identity = '';

  async function answer<T extends { book: string }>(schema: z.ZodType<T>, request: PodRequest): Promise<T> {
    const { status, body } = await ask(request);
    const what = `The bank answered ${request.method ?? 'GET'} ${request.path}`;
    if (status !== 200) throw new Error(`${what} with ${status}: ${body.slice(0, 300)}`);
    try {
      return schema.parse(JSON.parse(body));
    } catch (cause) {
      throw new Error(`${what} with something else than asked for.`, { cause });
    }
  }

  /** Of the book that was asked for its identity last: a cursor says nothing of another one. */
  async function ofThisBook<T extends { book: string }>(schema: z.ZodType<T>, request: PodRequest): Promise<T> {
    const read = await answer(schema, request);
    if (read.book !== identity) throw new Error('The bank has begun another book meanwhile.');
    return read;
  }

  const statement = (after: number, limit: number) => `/statement?after=${after}&limit=${limit}`;

  return {
    async identity() {
      identity = (await answer(statementSchema, { path: statement(0, 1) })).book;
      return identity;
    },

    async read(after, limit) {
      const rows: { reference: string; kind: 'charge' | 'refund' }[] = [];
      let last = Number(after ?? 0);
      for (;;) {
        const wanted = Math.min(limit - rows.length, pageLines);
        const { lines } = await ofThisBook(statementSchema, { path: statement(last, wanted) });
        for (const { sequence, reference, amountCents } of lines) {
          if (sequence <= last) throw new Error(`The bank gave line ${sequence} of its book after line ${last}.`);
          last = sequence;
          if (amountCents !== 0) rows.push({ reference, kind: amountCents > 0 ? 'charge' : 'refund' });
        }
        if (lines.length < wanted || rows.length >= limit) break;
      }
      return { rows, cursor: last === 0 ? null : String(last) };
    },

    async upTo(cursor, ids) {
      const charges = new Map<string, Movements>();
      if (cursor === null) return charges;
      for (let from = 0; from < ids.length; from += pageLines) {
        const references = ids.slice(from, from + pageLines);
        const body = { until: Number(cursor), references };
        const { counts } = await ofThisBook(countsSchema, { method: 'POST', path: '/statement/counts', body });
        references.forEach((reference, index) => {
          if (counts[index]?.charges) charges.set(reference, counts[index]);
        });
      }
      return charges;
    },

    close: () => undefined,
  };
}
