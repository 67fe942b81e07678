import { createRoute, z } from '@hono/zod-openapi';
import { CodedError } from '../../errors.ts';
import { answers } from '../answers.ts';
import type { ApiApp } from '../api-app.ts';
import { logAgentsSchema, logRecordSchema } from '../../contract/logs.ts';
import { metricSchema } from '../../contract/metrics.ts';
import { signalSeriesSchema } from '../../contract/signals.ts';
import { traceSchema, traceSummarySchema } from '../../contract/traces.ts';
import type { SystemDoor } from '../../system.ts';
import { scopeOf, scopeQuery } from '../scope-query.ts';

const ids = z.string().max(200);

const signals = createRoute({
  method: 'get',
  path: '/api/signals',
  summary: 'Rate, errors and latency percentiles per second, of services and edges',
  request: {
    query: z.object({
      id: z
        .union([ids, z.array(ids).max(100)])
        .describe('A service name or an edge id (`payments>bank`); may be repeated.')
        .openapi({ example: 'gateway' }),
      scope: scopeQuery,
      seconds: z.coerce.number().int().min(1).max(900).default(900),
    }),
  },
  responses: answers('One series for each id', z.object({ series: z.array(signalSeriesSchema) })),
});

const traces = createRoute({
  method: 'get',
  path: '/api/traces',
  summary: 'Traces of the last 15 minutes, the latest first',
  request: {
    query: z.object({
      scope: scopeQuery,
      limit: z.coerce.number().int().min(1).max(500).default(50),
      error: z
        .enum(['true', 'false'])
        .transform((word) => word === 'true')
        .optional()
        .describe('Only traces with an error, or only those without; both when left out.'),
      slow: z.coerce.number().min(0).optional().describe('Only traces that took at least this many milliseconds.'),
      service: ids.optional().describe('Only traces that this service took part in.'),
      to: z.coerce.number().optional().describe('Only traces that began up to then, Unix time in ms.'),
    }),
  },
  responses: answers('The traces', z.object({ traces: z.array(traceSummarySchema) })),
});

const trace = createRoute({
  method: 'get',
  path: '/api/traces/{traceId}',
  summary: 'One trace with all its spans',
  request: { params: z.object({ traceId: ids }), query: z.object({ scope: scopeQuery }) },
  responses: answers('The trace', traceSchema),
});

const logs = createRoute({
  method: 'get',
  path: '/api/logs',
  summary: 'Log records of the last 15 minutes, the latest first',
  request: {
    query: z.object({
      trace: z.string().max(32).optional().describe('Only those of this trace.'),
      service: ids.optional(),
      pod: ids.optional().describe('Name of a pod.'),
      severity: z.coerce
        .number()
        .int()
        .min(0)
        .max(24)
        .optional()
        .describe('At least this severe: 9 info, 13 warning, 17 error.'),
      text: ids.optional().describe('Part of the body, in any case.'),
      from: z.coerce.number().optional().describe('Unix time in ms.'),
      to: z.coerce.number().optional().describe('Unix time in ms.'),
      scope: scopeQuery,
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: answers('The log records', z.object({ logs: z.array(logRecordSchema) })),
});

const logAgents = createRoute({
  method: 'get',
  path: '/api/log-agents',
  summary: 'Who collects the logs of the shop, what that costs, and what was lost',
  responses: answers('The agents', logAgentsSchema),
});

const metrics = createRoute({
  method: 'get',
  path: '/api/metrics',
  summary: 'Metrics as services sent them, with their values of the last 15 minutes',
  request: {
    query: z.object({
      service: ids.optional(),
      name: ids.optional().describe('Name of the metric.').openapi({ example: 'http.server.active_requests' }),
      scope: scopeQuery,
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: answers('The metrics', z.object({ metrics: z.array(metricSchema) })),
});

/** What was measured. */
export function measurementRoutes(app: ApiApp, system: SystemDoor): void {
  app.openapi(signals, (c) => {
    const { id, scope, seconds } = c.req.valid('query');
    return c.json({ series: scopeOf(system(), scope).signals([id].flat(), seconds) }, 200);
  });
  app.openapi(traces, (c) => {
    const { scope, ...filter } = c.req.valid('query');
    return c.json({ traces: scopeOf(system(), scope).traces(filter) }, 200);
  });
  app.openapi(logs, (c) => {
    const { scope, trace: id, ...filter } = c.req.valid('query');
    return c.json(
      { logs: scopeOf(system(), scope).logs({ ...filter, ...(id && { traceId: id.toLowerCase() }) }) },
      200,
    );
  });
  app.openapi(logAgents, async (c) => c.json(await system().logAgents.read(), 200));
  app.openapi(metrics, (c) => {
    const { scope, ...filter } = c.req.valid('query');
    return c.json({ metrics: scopeOf(system(), scope).metrics(filter) }, 200);
  });
  app.openapi(trace, (c) => {
    const { traceId } = c.req.valid('param');
    const found = scopeOf(system(), c.req.valid('query').scope).trace(traceId);
    if (!found) throw new CodedError('unknown-trace', `There is no trace "${traceId}".`);
    return c.json(found, 200);
  });
}
