import { z } from '@hono/zod-openapi';
import type { ClusterView, CustomerView, EdgeView, PodView, ServiceView, Topology } from '../../contract/topology.ts';
import { schemaOf } from './schema-of.ts';

const traffic = {
  rate: z.number().describe('Requests per second, over the last three seconds that pods have surely reported.'),
  errorRatio: z.number().min(0).max(1).nullable().describe('Null without requests.'),
  p50: z.number().nullable().describe('Milliseconds; null while there is no traffic.'),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
};

const pod = schemaOf<PodView>()(
  z.object({
    name: z.string(),
    node: z.string().nullable(),
    state: z.enum(['pending', 'starting', 'ready', 'not-ready', 'terminating', 'crash-loop', 'failed']),
    status: z.string().describe('As in the STATUS column of kubectl.'),
    restarts: z.int(),
    createdAt: z.number().describe('Unix time in ms.'),
  }),
);

const service = schemaOf<ServiceView>()(
  z.object({
    name: z.string(),
    role: z.enum(['load', 'service', 'database', 'third-party']),
    health: z.enum(['ok', 'warn', 'bad', 'idle']),
    reason: z.string().nullable(),
    inFlight: z.number().nullable(),
    oldestMs: z.number().nullable().describe('Age of the oldest request in flight, in ms.'),
    pods: z.array(pod),
    ...traffic,
  }),
);

const edge = schemaOf<EdgeView>()(
  z.object({
    id: z.string().describe('`source>destination`.'),
    source: z.string(),
    destination: z.string(),
    protocol: z.enum(['http', 'sql']),
    retryRate: z.number().describe('Repeats per second.'),
    timeoutRate: z.number().describe('Calls per second that the caller gave up on.'),
    breaker: z
      .object({
        state: z.enum(['closed', 'open', 'half-open']),
        openUntil: z.number().nullable().describe('Unix time in ms of the next probe.'),
        rejectedRate: z.number().describe('Calls turned away per second.'),
        trips: z.number(),
      })
      .nullable(),
    ...traffic,
  }),
);

export const topologySchema = schemaOf<Topology>()(
  z.object({ services: z.array(service), edges: z.array(edge) }).openapi('Topology'),
);

export const customerSchema = schemaOf<CustomerView>()(
  z
    .object({
      open: z.number().nullable().describe('Requests of customers without an answer yet.'),
      oldestMs: z.number().nullable(),
      reason: z.string().nullable().describe('Why the figures say little or nothing; null when they do.'),
      ...traffic,
    })
    .openapi('Customer', { description: 'The shop as its customers meet it.' }),
);

export const clusterSchema = schemaOf<ClusterView>()(
  z
    .object({
      name: z.string(),
      connected: z.boolean(),
      nodes: z.array(z.object({ name: z.string(), ready: z.boolean() })),
      pods: z.int(),
    })
    .openapi('Cluster'),
);
