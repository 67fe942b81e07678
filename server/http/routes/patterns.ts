import { createRoute, z } from '@hono/zod-openapi';
import { answers, jsonBody } from '../answers.ts';
import type { ApiApp } from '../api-app.ts';
import {
  commitSchema,
  driftSchema,
  patternChangeSchema,
  patternSchema,
  policyCheckSchema,
  syncSchema,
} from '../../contract/patterns.ts';
import type { SystemDoor } from '../../system.ts';

const option = z.string().max(100);
const chosen = z.union([option, z.number()]).transform(String);
const params = z.object({ id: z.string().max(100).openapi({ example: 'timeout' }) });

const list = createRoute({
  method: 'get',
  path: '/api/patterns',
  summary: 'The patterns, their options or bounds, and what is selected',
  responses: answers('The patterns', z.object({ patterns: z.array(patternSchema) })),
});

const select = createRoute({
  method: 'put',
  path: '/api/patterns/{id}',
  summary: 'Switches a pattern to an option or a number: one commit to the desired state, then a rolling update',
  description:
    'An error means that nothing has changed. A switch that is committed stays: when the cluster is away, the answer says so in `pending`, and the switch is applied when it is back.',
  request: { params, ...jsonBody(z.strictObject({ option: chosen }).openapi({ example: { option: '500ms' } })) },
  responses: answers('The change, with its diff', patternChangeSchema),
});

/** More patterns than there are; a bound on what is read. */
const maxChoices = 100;

const selectAll = createRoute({
  method: 'put',
  path: '/api/patterns',
  summary: 'Chooses the options of all patterns at once: one commit, then one rolling update',
  description:
    'Patterns that are not named go to their default; with none named, all do. An error means that nothing has changed. The answer has what differed, each with the diff that is its own doing.',
  request: jsonBody(
    z
      .strictObject({
        patterns: z
          .record(z.string().max(100), chosen)
          .refine((choices) => Object.keys(choices).length <= maxChoices, `Name at most ${maxChoices} patterns.`)
          .describe('Ids of patterns, each with an option or a number.'),
      })
      .openapi({ example: { patterns: { retries: 'backoff', 'idempotency-key': 'on' } } }),
  ),
  responses: answers('The changes', z.object({ changes: z.array(patternChangeSchema) })),
});

const diff = createRoute({
  method: 'get',
  path: '/api/patterns/{id}/diff',
  summary: 'The diff that a switch would give, without making it',
  request: { params, query: z.object({ option }) },
  responses: answers('The diff', z.object({ diff: z.string() })),
});

const changes = createRoute({
  method: 'get',
  path: '/api/changes',
  summary: 'The switches made since the server started, the latest first',
  responses: answers('The changes', z.object({ changes: z.array(patternChangeSchema) })),
});

const commits = createRoute({
  method: 'get',
  path: '/api/commits',
  summary: 'The latest commits of the desired state, whoever made them, the latest first',
  responses: answers('The commits', z.object({ commits: z.array(commitSchema) })),
});

const drifts = createRoute({
  method: 'get',
  path: '/api/drifts',
  summary: 'What others had changed in the cluster, and was changed back to the desired state, the latest first',
  responses: answers('The drifts', z.object({ drifts: z.array(driftSchema) })),
});

const policyList = createRoute({
  method: 'get',
  path: '/api/policies',
  summary: 'What commits are held to, and what the desired state does not hold to',
  responses: answers('The policies', policyCheckSchema),
});

const sync = createRoute({
  method: 'get',
  path: '/api/sync',
  summary: 'Every object of the desired state, whether the cluster has it as it was applied, and how far it is',
  responses: answers('What is held, and the objects', syncSchema),
});

const revert = createRoute({
  method: 'post',
  path: '/api/commits/{id}/revert',
  summary: 'Takes back what a commit has changed, by a commit of its own',
  description: 'An error means that nothing has changed.',
  request: { params: z.object({ id: z.string().regex(/^[0-9a-f]{40}$/) }) },
  responses: answers('The commit that reverts it', commitSchema),
});

const manifests = createRoute({
  method: 'get',
  path: '/api/manifests',
  summary: 'The desired state as it is rendered now',
  responses: { 200: { description: 'Kubernetes manifests', content: { 'application/yaml': { schema: z.string() } } } },
});

/** The desired state. */
export function patternRoutes(app: ApiApp, system: SystemDoor): void {
  app.openapi(list, (c) => c.json({ patterns: system().patterns.list() }, 200));
  app.openapi(select, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await system().patterns.select(id, c.req.valid('json').option), 200);
  });
  app.openapi(selectAll, async (c) => {
    const { patterns } = c.req.valid('json');
    const changes = await system().patterns.selectAll(patterns, 'Choose the options of all patterns');
    return c.json({ changes }, 200);
  });
  app.openapi(diff, async (c) => {
    const { id } = c.req.valid('param');
    return c.json({ diff: await system().patterns.preview(id, c.req.valid('query').option) }, 200);
  });
  app.openapi(changes, (c) => c.json({ changes: [...system().patterns.changes()] }, 200));
  app.openapi(commits, (c) => c.json({ commits: [...system().patterns.commits()] }, 200));
  app.openapi(drifts, (c) => c.json({ drifts: [...system().patterns.drifts()] }, 200));
  app.openapi(policyList, (c) => c.json(system().patterns.policyCheck(), 200));
  app.openapi(sync, (c) => c.json(system().patterns.sync(), 200));
  app.openapi(revert, async (c) => c.json(await system().patterns.revert(c.req.valid('param').id), 200));
  app.openapi(manifests, (c) => {
    return c.body(system().patterns.manifests(), 200, { 'content-type': 'application/yaml; charset=utf-8' });
  });
}
