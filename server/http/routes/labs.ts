import { createRoute, z } from '@hono/zod-openapi';
import { answers, jsonBody } from '../answers.ts';
import { participant, type ApiApp } from '../api-app.ts';
import { guideSchema, labEventSchema, labRunSchema, labSummarySchema } from '../../contract/lab.ts';
import type { SystemDoor } from '../../system.ts';

const params = z.object({ id: z.string().max(100).openapi({ example: '04-circuit-breaker' }) });
const run = answers('The run as it is now', labRunSchema);

const list = createRoute({
  method: 'get',
  path: '/api/labs',
  summary: 'The catalogue of labs',
  responses: answers('The labs', z.object({ labs: z.array(labSummarySchema) })),
});

const get = createRoute({
  method: 'get',
  path: '/api/labs/{id}',
  summary: 'The run of a lab',
  request: { params },
  responses: run,
});

const start = createRoute({
  method: 'post',
  path: '/api/labs/{id}/start',
  summary: 'Starts a lab from its start state; a run of yours that is under way, of this lab or another, is given up',
  request: { params },
  responses: run,
});

const step = createRoute({
  method: 'post',
  path: '/api/labs/{id}/step',
  summary: 'Shows another step',
  request: { params, ...jsonBody(z.strictObject({ index: z.int().min(0).max(100) })) },
  responses: run,
});

const predict = createRoute({
  method: 'post',
  path: '/api/labs/{id}/predict',
  summary: 'Commits to a prediction',
  request: { params, ...jsonBody(z.strictObject({ option: z.string().max(100) })) },
  responses: run,
});

const answer = createRoute({
  method: 'post',
  path: '/api/labs/{id}/answer',
  summary: 'Answers a question of the step; a wrong answer may be followed by another',
  request: {
    params,
    ...jsonBody(z.strictObject({ question: z.string().max(100), answer: z.string().max(100) })),
  },
  responses: run,
});

const guide = createRoute({
  method: 'get',
  path: '/api/labs/{id}/guide',
  summary: 'The text of a lab, as a tree',
  request: { params },
  responses: answers('The guide', guideSchema),
});

const facts = createRoute({
  method: 'get',
  path: '/api/labs/{id}/facts',
  summary:
    'What the checks of your step look at now, by the words of their expressions; null where there is nothing to tell',
  request: { params },
  responses: answers(
    'The facts',
    z.object({ facts: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]).nullable()) }),
  ),
});

const hint = createRoute({
  method: 'post',
  path: '/api/labs/{id}/hint',
  summary: 'Opens the next hint',
  request: { params },
  responses: run,
});

const showMe = createRoute({
  method: 'post',
  path: '/api/labs/{id}/show-me',
  summary: 'Does what the step asks for',
  request: { params },
  responses: run,
});

const resetStep = createRoute({
  method: 'post',
  path: '/api/labs/{id}/reset-step',
  summary: "Restores the step's start state",
  request: { params },
  responses: run,
});

const events = createRoute({
  method: 'post',
  path: '/api/labs/{id}/events',
  summary: 'Says what the learner did in the page',
  request: { params, ...jsonBody(labEventSchema) },
  responses: run,
});

/** A participant's way through a lab. */
export function labRoutes(app: ApiApp, system: SystemDoor): void {
  const labs = () => system().labs;
  app.openapi(list, (c) => c.json({ labs: labs().list() }, 200));
  app.openapi(get, (c) => c.json(labs().run(participant(c), c.req.valid('param').id), 200));
  app.openapi(start, async (c) => c.json(await labs().start(participant(c), c.req.valid('param').id), 200));
  app.openapi(step, async (c) => {
    return c.json(await labs().step(participant(c), c.req.valid('param').id, c.req.valid('json').index), 200);
  });
  app.openapi(predict, async (c) => {
    return c.json(await labs().predict(participant(c), c.req.valid('param').id, c.req.valid('json').option), 200);
  });
  app.openapi(answer, async (c) => {
    const { question, answer } = c.req.valid('json');
    return c.json(await labs().answer(participant(c), c.req.valid('param').id, question, answer), 200);
  });
  app.openapi(guide, (c) => c.json(labs().guide(c.req.valid('param').id), 200));
  app.openapi(facts, (c) => c.json({ facts: labs().asked(participant(c), c.req.valid('param').id) }, 200));
  app.openapi(hint, async (c) => c.json(await labs().hint(participant(c), c.req.valid('param').id), 200));
  app.openapi(showMe, async (c) => c.json(await labs().showMe(participant(c), c.req.valid('param').id), 200));
  app.openapi(resetStep, async (c) => c.json(await labs().resetStep(participant(c), c.req.valid('param').id), 200));
  app.openapi(events, async (c) => {
    return c.json(await labs().record(participant(c), c.req.valid('param').id, c.req.valid('json')), 200);
  });
}
