import { z } from '@hono/zod-openapi';
import type { Frame, Load } from '../../contract/frame.ts';
import type { Ledger } from '../../contract/ledger.ts';
import { activeFaultSchema } from './faults.ts';
import { labRunSchema } from './lab.ts';
import { patternChangeSchema, patternSchema } from './patterns.ts';
import { schemaOf } from './schema-of.ts';
import { markSchema, signalPointSchema } from './signals.ts';
import { clusterSchema, customerSchema, topologySchema } from './topology.ts';

export const loadSchema = schemaOf<Load>()(
  z
    .object({
      rate: z.number().describe('Requests per second asked for.'),
      max: z.number(),
      sent: z.number().describe('Requests sent in the last second.'),
      dropped: z.number().describe('Journeys given up unsent in the last second.'),
      pending: z
        .string()
        .optional()
        .describe(
          'Only in the answer to a new rate: why the load generators do not have it yet. They are told until they do.',
        ),
    })
    .openapi('Load'),
);

export const ledgerSchema = schemaOf<Ledger>()(
  z
    .object({
      since: z.number().describe('Unix time in ms from which orders count.'),
      countedAt: z.number(),
      accepted: z.int(),
      failed: z.int(),
      chargedOnce: z.int(),
      chargedTwice: z.int(),
      acceptedNeverCharged: z.int(),
      chargedNeverAccepted: z.int(),
      inDoubt: z.int().describe('Orders undecided for half a minute or more.'),
      oversold: z.int(),
    })
    .openapi('Ledger'),
);

export const frameSchema = schemaOf<Frame>()(
  z
    .object({
      time: z.number().describe('Unix time in ms.'),
      cluster: clusterSchema,
      topology: topologySchema,
      customer: customerSchema,
      signals: z.record(z.string(), z.array(signalPointSchema)),
      marks: z.array(markSchema),
      faults: z.array(activeFaultSchema),
      faultsBlocked: z.boolean(),
      patterns: z.array(patternSchema),
      desiredProblem: z.string().nullable().describe('Why the cluster does not have the desired state.'),
      lastChange: patternChangeSchema.nullable(),
      ledger: ledgerSchema.nullable(),
      load: loadSchema,
      lab: labRunSchema.nullable(),
    })
    .openapi('Frame'),
);
