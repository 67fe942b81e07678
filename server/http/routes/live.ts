import { createRoute, z } from '@hono/zod-openapi';
import { answers, jsonBody } from '../answers.ts';
import { participant, type ApiApp } from '../api-app.ts';
import { frameSchema, loadSchema } from '../../contract/frame.ts';
import { ledgerSchema } from '../../contract/ledger.ts';
import { clusterSchema, topologySchema } from '../../contract/topology.ts';
import { buildTopology } from '../../telemetry/topology.ts';
import { scopeOf, scopeQuery } from '../scope-query.ts';
import type { SystemDoor } from '../../system.ts';

const state = createRoute({
  method: 'get',
  path: '/api/state',
  summary: 'Everything a page shows, with the signals of the last 15 minutes',
  responses: answers('The whole state', frameSchema),
});

const cluster = createRoute({
  method: 'get',
  path: '/api/cluster',
  summary: 'The cluster the shop runs in',
  responses: answers('The cluster', clusterSchema),
});

const topology = createRoute({
  method: 'get',
  path: '/api/topology',
  summary: 'Services, their pods, and the calls between them',
  description: "Pods are those of the lab's own scope; others are drawn from what they send alone.",
  request: { query: z.object({ scope: scopeQuery }) },
  responses: answers('The topology', topologySchema),
});

const eventSchema = z.object({
  at: z.number().describe('Unix time in ms.'),
  type: z.string(),
  reason: z.string(),
  object: z.string(),
  message: z.string(),
  count: z.number(),
});

const events = createRoute({
  method: 'get',
  path: '/api/events',
  summary: 'Events of the cluster, the latest first',
  responses: answers('The events', z.object({ events: z.array(eventSchema) })),
});

const ledger = createRoute({
  method: 'get',
  path: '/api/ledger',
  summary: 'What the customers got, counted from the databases; null before the first count',
  responses: answers('The ledger', ledgerSchema.nullable()),
});

const load = createRoute({
  method: 'get',
  path: '/api/load',
  summary: 'The load on the shop',
  responses: answers('The load', loadSchema),
});

const setLoad = createRoute({
  method: 'put',
  path: '/api/load',
  summary: 'Sets the rate of the load; 0 stops it',
  description:
    'An error means that nothing has changed. A rate within bounds is kept: when no load generator can be told, the answer says so in `pending`, and each is told as soon as it can be.',
  request: jsonBody(z.strictObject({ rate: z.number() }).openapi({ example: { rate: 60 } })),
  responses: answers('The load as it is asked for now', loadSchema),
});

/** What is going on now. */
export function liveRoutes(app: ApiApp, system: SystemDoor): void {
  app.openapi(state, (c) => c.json(system().frame(participant(c)), 200));
  app.openapi(cluster, (c) => c.json(system().cluster(), 200));
  app.openapi(topology, (c) => {
    const { scope } = c.req.valid('query');
    const all = system();
    const telemetry = scopeOf(all, scope);
    return c.json(telemetry === all.telemetry ? all.topology() : buildTopology([], telemetry), 200);
  });
  app.openapi(events, (c) => c.json({ events: system().events() }, 200));
  app.openapi(ledger, (c) => c.json(system().ledger.total(), 200));
  app.openapi(load, (c) => c.json(system().load.view(), 200));
  app.openapi(setLoad, async (c) => c.json(await system().load.set(c.req.valid('json').rate), 200));
}
