import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { serve, serveAdmin } from '../../service/serve.ts';
import { Behaviour } from './behaviour.ts';
import { behaviourRoutes } from './behaviour-routes.ts';
import { Book } from './book.ts';
import { statementRoutes } from './statement-routes.ts';

const environment = readEnvironment();
const log = serviceLog('bank');
const book = new Book(environment.text('BOOK_FOLDER'));
const behaviour = new Behaviour({
  latencyMs: [
    environment.integer('LATENCY_MIN_MS', { min: 0, max: 60_000, fallback: 10 }),
    environment.integer('LATENCY_MAX_MS', { min: 0, max: 60_000, fallback: 30 }),
  ],
  failurePercent: environment.integer('FAILURE_PERCENT', { min: 0, max: 100, fallback: 1 }),
});

const retryMs = 500;
const chargeBody = z.object({ reference: z.string().min(1).max(100), amountCents: z.number().int().min(1) });

serve({
  name: 'bank',
  log,
  prepare: bookIsThere,
  release: async () => book.close(),
  routes(routes) {
    routes.post('/charges', async (c) => {
      const charge = await jsonBody(c, chargeBody);
      const { latencyMs, fails } = behaviour.next();
      if (fails) {
        await delay(latencyMs);
        throw new Failure(503, 'bank-unavailable', 'The bank cannot take charges right now.');
      }
      // The money moves first and the answer comes late: who gives up waiting has been charged all the same.
      const recorded = book.record({ ...charge, key: c.req.header('idempotency-key') });
      await delay(latencyMs);
      return c.json(recorded, recorded.repeated ? 200 : 201);
    });
  },
});
serveAdmin(log, (routes) => {
  behaviourRoutes(behaviour)(routes);
  statementRoutes(book)(routes);
});

/** The folder may come later: a disk that is full or not mounted yet. */
async function bookIsThere(): Promise<void> {
  for (;;) {
    try {
      return book.begin();
    } catch (error) {
      log.warn('Waiting for the book', { folder: environment.text('BOOK_FOLDER'), error });
      await delay(retryMs);
    }
  }
}
