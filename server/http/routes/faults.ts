import { createRoute, z } from '@hono/zod-openapi';
import { answers, created, jsonBody } from '../answers.ts';
import type { ApiApp } from '../api-app.ts';
import { activeFaultSchema, faultKindSchema, faultRequestSchema, stopAllResultSchema } from '../../contract/faults.ts';
import type { SystemDoor } from '../../system.ts';

const blocked = z.object({ blocked: z.boolean() });

const catalogue = createRoute({
  method: 'get',
  path: '/api/faults/catalogue',
  summary: 'The faults there are, and what each can act on now',
  responses: answers('The catalogue', z.object({ faults: z.array(faultKindSchema) })),
});

const list = createRoute({
  method: 'get',
  path: '/api/faults',
  summary: 'Active faults, and those that ended in the last minute',
  responses: answers('The faults', blocked.extend({ faults: z.array(activeFaultSchema) })),
});

const start = createRoute({
  method: 'post',
  path: '/api/faults',
  summary: 'Starts a fault, which is a Fault object in the cluster; it ends by itself when its lease does',
  request: jsonBody(faultRequestSchema),
  responses: created('The fault', activeFaultSchema),
});

const stop = createRoute({
  method: 'delete',
  path: '/api/faults/{id}',
  summary: 'Ends one fault',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: answers('The fault with its last evidence', activeFaultSchema),
});

const stopAll = createRoute({
  method: 'delete',
  path: '/api/faults',
  summary: 'Ends every fault, proves that nothing is left, and blocks new ones until released',
  responses: answers('What was stopped, and what still acts', stopAllResultSchema),
});

const release = createRoute({
  method: 'post',
  path: '/api/faults/release',
  summary: 'Lets new faults start again after all were stopped',
  responses: answers('The block', blocked),
});

/** Breaking things on purpose. */
export function faultRoutes(app: ApiApp, system: SystemDoor): void {
  app.openapi(catalogue, (c) => c.json({ faults: system().faults.kinds() }, 200));
  app.openapi(list, (c) => {
    const { faults } = system();
    return c.json({ faults: faults.list(), blocked: faults.blocked }, 200);
  });
  app.openapi(start, async (c) => c.json(await system().faults.start(c.req.valid('json')), 201));
  app.openapi(release, async (c) => {
    const { faults } = system();
    await faults.release();
    return c.json({ blocked: faults.blocked }, 200);
  });
  app.openapi(stopAll, async (c) => c.json(await system().faults.stopAll(), 200));
  app.openapi(stop, async (c) => c.json(await system().faults.stop(c.req.valid('param').id), 200));
}
