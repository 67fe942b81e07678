import { createRoute, z } from '@hono/zod-openapi';
import { historySchema } from '../../contract/history.ts';
import { changesSchema } from '../../contract/stream.ts';
import type { SystemDoor } from '../../system.ts';
import { answers } from '../answers.ts';
import type { ApiApp } from '../api-app.ts';

const history = createRoute({
  method: 'get',
  path: '/api/history',
  summary: 'How far back the state of the shop is kept, and what that takes',
  responses: answers('The history', historySchema),
});

const moment = createRoute({
  method: 'get',
  path: '/api/history/{at}',
  summary: 'The shop as it was at a moment of the last 15 minutes',
  description:
    'The last moment that is kept up to then, or the first of all: `time` says which. Topology, faults, load and ledger, in the form of the first message of the stream.',
  request: { params: z.object({ at: z.coerce.number().int().describe('Unix time in ms.') }) },
  responses: answers('The moment', changesSchema),
});

/** What was. */
export function historyRoutes(app: ApiApp, system: SystemDoor): void {
  app.openapi(history, (c) => c.json(system().history.view(), 200));
  app.openapi(moment, (c) => c.json(system().history.at(c.req.valid('param').at), 200));
}
