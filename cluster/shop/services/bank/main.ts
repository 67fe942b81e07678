import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { ownFaultRoutes } from '../../service/own-fault-routes.ts';
import { OwnFaults } from '../../service/own-faults.ts';
import { serve, serveAdmin } from '../../service/serve.ts';
import { bankFault, Behaviour, type BankFault } from './behaviour.ts';
import { Book } from './book.ts';
import { statementRoutes } from './statement-routes.ts';

const environment = readEnvironment();
const log = serviceLog('bank');
const book = new Book(environment.text('BOOK_FOLDER'));
const faults = new OwnFaults<BankFault>();
const everyday = {
  latencyMs: [
    environment.integer('LATENCY_MIN_MS', { min: 0, max: 60_000, fallback: 10 }),
    environment.integer('LATENCY_MAX_MS', { min: 0, max: 60_000, fallback: 30 }),
  ] satisfies [number, number],
  failurePercent: environment.integer('FAILURE_PERCENT', { min: 0, max: 100, fallback: 1 }),
};
const behaviour = new Behaviour(everyday, faults);

const retryMs = 500;
const refundBody = z.object({ reference: z.string().min(1).max(100) });
const chargeBody = refundBody.extend({ amountCents: z.number().int().min(1) });

serve({
  name: 'bank',
  log,
  prepare: bookIsThere,
  release: async () => book.close(),
  routes(routes) {
    routes.post('/charges', async (c) => {
      const charge = await jsonBody(c, chargeBody);
      const latencyMs = await working();
      // The money moves first and the answer comes late: who gives up waiting has been charged all the same.
      const recorded = book.record({ ...charge, key: c.req.header('idempotency-key') });
      await delay(latencyMs);
      return c.json(recorded, recorded.repeated ? 200 : 201);
    });
    routes.post('/refunds', async (c) => {
      const { reference } = await jsonBody(c, refundBody);
      const latencyMs = await working();
      const refunded = book.refund(reference);
      await delay(latencyMs);
      return c.json({ reference, refunded });
    });
  },
});
serveAdmin(log, (routes) => {
  ownFaultRoutes(faults, bankFault)(routes);
  statementRoutes(book)(routes);
});

/** How long the next call is going to take, in ms. Throws Failure 503 `bank-unavailable` when it is one of those that fail. */
async function working(): Promise<number> {
  const { latencyMs, fails } = behaviour.next();
  if (!fails) return latencyMs;
  await delay(latencyMs);
  throw new Failure(503, 'bank-unavailable', 'The bank cannot do that right now.');
}

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
