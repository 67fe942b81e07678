import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { z } from 'zod/v3';
import { jsonBody } from './body.ts';
import { Failure } from './failure.ts';
import type { OwnFault, OwnFaultCounts, OwnFaults } from './own-faults.ts';
import type { Routes } from './routes.ts';

/** In ms. No lease is longer, whoever asks for it. */
export const remainingMs = z.number().min(0).max(3_600_000);

/** So many faults at once; counts are told at most that often, in ms, and the first at once. */
const mostFaults = 100;
const tellEveryMs = 250;

/**
 * PUT /behaviour/:id begins a fault and tells its counts, a line of JSON each, until it is over; it acts on when nobody
 * listens any more. GET /behaviour lists, DELETE /behaviour/:id ends.
 */
export function ownFaultRoutes<F extends OwnFault>(faults: OwnFaults<F>, body: z.ZodType<F>) {
  return (routes: Routes): void => {
    routes.get('/behaviour', (c) => c.json({ faults: faults.active() }));
    routes.put('/behaviour/:id', async (c) => {
      const id = c.req.param('id');
      const fault = await jsonBody(c, body);
      if (faults.active().length >= mostFaults) {
        throw new Failure(409, 'too-many-faults', `There are ${mostFaults} faults here; end one first.`);
      }
      faults.begin(id, fault);
      // Not by a stream of Hono's, whose bytes leave when it is their turn: the first effect is to be known before the bank
      // writes its book, say, which nothing else gets past.
      // Administration comes over HTTP alone.
      const { outgoing } = c.env as HttpBindings;
      outgoing.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const tell = atMostEvery(tellEveryMs, (counts: OwnFaultCounts) => {
        outgoing.write(`${JSON.stringify(counts)}\n`);
        outgoing.socket?.uncork(); // Node would send it on the next tick
      });
      const stop = faults.follow(id, (counts) => {
        if (counts) return tell(counts);
        tell.flush();
        outgoing.end();
      });
      outgoing.once('close', stop);
      return RESPONSE_ALREADY_SENT;
    });
    routes.delete('/behaviour/:id', (c) => c.json({ ended: faults.end(c.req.param('id')) }));
  };
}

/** The first two at once (the state at the beginning, the first effect), then the latest each time the pause is over. */
function atMostEvery<T>(ms: number, tell: (value: T) => void) {
  let pause: NodeJS.Timeout | undefined;
  let atOnce = 2;
  let waiting: { value: T } | null = null;
  const flush = () => {
    clearTimeout(pause);
    pause = undefined;
    if (waiting) tell(waiting.value);
    waiting = null;
  };
  const say = (value: T) => {
    waiting = { value };
    if (atOnce > 0) {
      atOnce -= 1;
      flush();
    } else pause ??= setTimeout(flush, ms);
  };
  return Object.assign(say, { flush });
}
