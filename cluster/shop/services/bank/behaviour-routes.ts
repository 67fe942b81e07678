import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { Failure } from '../../service/failure.ts';
import type { Routes } from '../../service/routes.ts';
import type { Behaviour } from './behaviour.ts';

const percent = z.number().min(0).max(100);
const lease = {
  id: z.string().min(1).max(100),
  target: z.string().max(100).default('bank'),
  startedAt: z.number(),
  endsAt: z.number(),
};
const slow = z.object({
  ...lease,
  fault: z.literal('bank-slow'),
  parameters: z.object({ delayMs: z.number().min(0).max(60_000), percent }),
});
const failing = z.object({ ...lease, fault: z.literal('bank-failing'), parameters: z.object({ percent }) });
const behaviourBody = z.object({ faults: z.array(z.discriminatedUnion('fault', [slow, failing])).max(100) });

/** GET and PUT /behaviour, DELETE /behaviour and /behaviour/:id. */
export function behaviourRoutes(behaviour: Behaviour) {
  return (routes: Routes): void => {
    routes.get('/behaviour', (c) => c.json({ faults: behaviour.active() }));
    routes.put('/behaviour', async (c) => {
      const { faults } = await jsonBody(c, behaviourBody);
      behaviour.merge(faults);
      return c.json({ faults: behaviour.active() });
    });
    routes.delete('/behaviour', (c) => {
      for (const { id } of behaviour.active()) behaviour.end(id);
      return c.json({ faults: behaviour.active() });
    });
    routes.delete('/behaviour/:id', (c) => {
      const id = c.req.param('id');
      const ended = behaviour.end(id);
      if (!ended) throw new Failure(404, 'no-such-fault', `The bank has no fault ${id}; it may have ended.`);
      return c.json({ ended });
    });
  };
}
