import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { Failure } from '../../service/failure.ts';
import type { Routes } from '../../service/routes.ts';
import type { Book } from './book.ts';

const mostLines = 1_000;
const sequence = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const statementQuery = z.object({
  after: sequence.default(0),
  limit: z.coerce.number().int().min(1).max(mostLines).default(mostLines),
});
const countsBody = z.object({ until: sequence, references: z.array(z.string().max(100)).max(mostLines) });

/**
 * What a merchant reads of the bank's book: GET /statement?after=&limit= gives the lines after one, in the order they were
 * committed; POST /statement/counts, how often each reference was charged and given back on the lines up to one.
 */
export function statementRoutes(book: Book) {
  return (routes: Routes): void => {
    routes.get('/statement', (c) => {
      const query = statementQuery.safeParse(c.req.query());
      if (!query.success) {
        const [issue] = query.error.issues;
        throw new Failure(400, 'invalid-query', `The query does not fit: ${issue?.path.join('.')}: ${issue?.message}.`);
      }
      return c.json({ book: book.identity, lines: book.statement(query.data.after, query.data.limit) });
    });
    routes.post('/statement/counts', async (c) => {
      const { until, references } = await jsonBody(c, countsBody);
      return c.json({ book: book.identity, counts: references.map((each) => book.countsOf(each, until)) });
    });
  };
}
