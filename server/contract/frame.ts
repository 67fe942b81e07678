import { z } from '@hono/zod-openapi';
import { activeFaultSchema } from './faults.ts';
import { labRunSchema } from './lab.ts';
import { ledgerSchema } from './ledger.ts';
import { driftSchema, patternChangeSchema, patternSchema } from './patterns.ts';
import { markSchema, signalPointSchema } from './signals.ts';
import { clusterSchema, customerSchema, topologySchema } from './topology.ts';

export const loadSchema = z
  .object({
    rate: z.number().describe('Requests per second asked for.'),
    max: z.number(),
    sent: z.number().describe('Requests sent in the last whole second.'),
    dropped: z.number().describe('Journeys given up unsent in the last whole second because too many were open.'),
    pending: z
      .string()
      .optional()
      .describe(
        'Only in the answer to a new rate: why the load generators do not have it yet. They are told until they do.',
      ),
  })
  .openapi('Load');
export type Load = z.infer<typeof loadSchema>;

/**
 * The state of the whole system, as pages see it. GET /api/state answers all of it; the stream tells a page what changes
 * of the members that it shows.
 */
export const frameSchema = z
  .object({
    time: z.number().describe("Unix time in ms, of the server's clock."),
    cluster: clusterSchema,
    topology: topologySchema,
    customer: customerSchema,
    signals: z.record(z.string(), z.array(signalPointSchema)).describe('The last 15 minutes.'),
    marks: z.array(markSchema),
    faults: z.array(activeFaultSchema),
    faultsBlocked: z.boolean().describe('New faults are refused since "stop all".'),
    patterns: z.array(patternSchema),
    desiredProblem: z
      .string()
      .nullable()
      .describe("Why the cluster does not have what the desired state's repository says; null when it has."),
    drifts: z
      .array(driftSchema)
      .describe('What others had changed in the cluster, and was changed back; the latest first.'),
    lastChange: patternChangeSchema.nullable(),
    ledger: ledgerSchema.nullable(),
    load: loadSchema,
    lab: labRunSchema.nullable(),
  })
  .openapi('Frame');
export type Frame = z.infer<typeof frameSchema>;
