import { z } from '@hono/zod-openapi';

const healthSchema = z.enum(['ok', 'warn', 'bad', 'idle']);
/** Health as drawn: never by colour alone, each has its own sign. */
export type Health = z.infer<typeof healthSchema>;

const serviceRoleSchema = z.enum(['load', 'service', 'database', 'third-party', 'broker', 'object-store']);
export type ServiceRole = z.infer<typeof serviceRoleSchema>;

const podStateSchema = z.enum(['pending', 'starting', 'ready', 'not-ready', 'terminating', 'crash-loop', 'failed']);
export type PodState = z.infer<typeof podStateSchema>;

const podSchema = z.object({
  name: z.string(),
  node: z.string().nullable(),
  state: podStateSchema,
  status: z.string().describe('The reason kubectl would print in its STATUS column.'),
  restarts: z.int(),
  createdAt: z.number().describe('Unix time in ms.'),
});
export type PodView = z.infer<typeof podSchema>;

const poolSchema = z.object({
  name: z.string().describe('The `pool.name` of its metrics.'),
  size: z.number().describe('Places there are, over all pods that report.'),
  used: z.number().describe('Of these, the taken ones.'),
  waiting: z.number().describe('Requests that wait for a place.'),
});
export type PoolView = z.infer<typeof poolSchema>;

const queueSchema = z.object({
  name: z.string(),
  depth: z.number().describe('Messages that wait in it.'),
  unacked: z.number().describe('Messages that consumers have in hand and have not acknowledged yet.'),
  consumers: z.number(),
});
export type QueueView = z.infer<typeof queueSchema>;

/** Rates and latencies are of the last three whole seconds that pods have surely reported. */
const trafficSchema = z.object({
  rate: z.number().describe('Requests per second, over the last three seconds that pods have surely reported.'),
  errorRatio: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Share of requests that failed; null without requests, which is not the same as none that failed.'),
  p50: z.number().nullable().describe('Milliseconds; null while there is no traffic.'),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type Traffic = z.infer<typeof trafficSchema>;

const serviceSchema = z.object({
  name: z.string(),
  role: serviceRoleSchema,
  entry: z.boolean().describe('Customers enter the shop here.'),
  health: healthSchema,
  reason: z
    .string()
    .nullable()
    .describe('One short reason behind a health that is not ok: "60 % errors", "no pod ready".'),
  inFlight: z
    .number()
    .nullable()
    .describe('Requests being handled now over all pods; null where the service does not report it.'),
  oldestMs: z
    .number()
    .nullable()
    .describe('Age of the oldest of these, in ms; null where the service does not report it.'),
  pools: z.array(poolSchema).describe('What requests need a place in, by the `pool.*` metrics; sorted by name.'),
  queues: z
    .array(queueSchema)
    .describe('Of a broker, by the `messaging.queue.*` metrics of those who use it; sorted by name.'),
  pods: z.array(podSchema),
  ...trafficSchema.shape,
});
export type ServiceView = z.infer<typeof serviceSchema>;

/** The shop as its customers meet it: from the moment each request was due to its answer; one that was not sent has failed. */
export const customerSchema = z
  .object({
    open: z
      .number()
      .nullable()
      .describe('Requests of customers without an answer yet; null while no load generator reports.'),
    oldestMs: z.number().nullable().describe('Age of the oldest of these, in ms.'),
    reason: z
      .string()
      .nullable()
      .describe('Why the figures say little or nothing: "the load generator does not report"; null when they do.'),
    ...trafficSchema.shape,
  })
  .openapi('Customer', { description: 'The shop as its customers meet it.' });
export type CustomerView = z.infer<typeof customerSchema>;

const breakerStateSchema = z.enum(['closed', 'open', 'half-open']);
export type BreakerState = z.infer<typeof breakerStateSchema>;

const breakerSchema = z.object({
  state: breakerStateSchema.describe('The worst over the calling pods: open before half-open before closed.'),
  openUntil: z.number().nullable().describe('Unix time in ms at which an open breaker lets the next probe through.'),
  rejectedRate: z.number().describe('Calls turned away per second.'),
  trips: z.number().describe('How often it has opened in the last 15 minutes.'),
});
export type BreakerView = z.infer<typeof breakerSchema>;

const edgeSchema = z.object({
  id: z.string().describe('`source>destination`, stable.'),
  source: z.string(),
  destination: z.string(),
  protocol: z.enum(['http', 'sql', 'messaging', 'object-store']),
  retryRate: z.number().describe('Calls per second that were repeats of a failed one.'),
  timeoutRate: z.number().describe('Calls per second that the caller gave up on.'),
  breaker: breakerSchema.nullable(),
  ...trafficSchema.shape,
});
export type EdgeView = z.infer<typeof edgeSchema>;

export const topologySchema = z
  .object({
    services: z.array(serviceSchema),
    edges: z.array(edgeSchema),
    problem: z
      .string()
      .nullable()
      .describe('What is not told apart, because there is too much of it: more than 64 services. Null when all is.'),
  })
  .openapi('Topology');
export type Topology = z.infer<typeof topologySchema>;

export const clusterSchema = z
  .object({
    name: z.string().describe("`embedded`, `kind` or the name of the kubeconfig's context."),
    connected: z.boolean(),
    nodes: z.array(z.object({ name: z.string(), ready: z.boolean() })),
    pods: z.int(),
    problem: z
      .string()
      .nullable()
      .describe(
        'What keeps the machine from working, in sentences that say what to do: its disk is full. Null when nothing.',
      ),
  })
  .openapi('Cluster');
export type ClusterView = z.infer<typeof clusterSchema>;
