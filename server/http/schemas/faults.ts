import { z } from '@hono/zod-openapi';
import type { ActiveFault, FaultKind, FaultRequest, StopAllResult } from '../../contract/faults.ts';
import { schemaOf } from './schema-of.ts';

export const faultKindSchema = schemaOf<FaultKind>()(
  z
    .object({
      id: z.string(),
      title: z.string(),
      category: z.enum(['dependency', 'network', 'process']),
      summary: z.string(),
      targetKind: z.enum(['service', 'edge', 'pod']),
      targets: z.array(z.string()).describe('What it can act on now.'),
      parameters: z.array(
        z.object({
          name: z.string(),
          label: z.string(),
          unit: z.string(),
          min: z.number(),
          max: z.number(),
          default: z.number(),
        }),
      ),
      duration: z.object({ default: z.number(), max: z.number() }).describe('Lease in seconds.'),
    })
    .openapi('FaultKind'),
);

export const faultRequestSchema = schemaOf<FaultRequest>()(
  z
    .strictObject({
      kind: z.string().max(100).openapi({ example: 'bank-slow' }),
      target: z.string().max(300).openapi({ example: 'bank' }),
      parameters: z
        .record(z.string(), z.number())
        .optional()
        .openapi({ example: { delayMs: 3000, percent: 60 } }),
      duration: z.number().optional().describe('Lease in seconds.').openapi({ example: 60 }),
    })
    .openapi('FaultRequest'),
);

export const activeFaultSchema = schemaOf<ActiveFault>()(
  z
    .object({
      id: z.string(),
      kind: z.string(),
      title: z.string(),
      target: z.string(),
      parameters: z.record(z.string(), z.number()),
      startedAt: z.number().describe('Unix time in ms.'),
      endsAt: z.number(),
      state: z.enum(['active', 'ended']),
      endedBy: z.enum(['lease', 'stop']).nullable(),
      evidence: z.object({ delayed: z.number(), failed: z.number(), pods: z.array(z.string()) }),
    })
    .openapi('ActiveFault'),
);

export const stopAllResultSchema = schemaOf<StopAllResult>()(
  z
    .object({
      stopped: z.array(z.string()),
      remaining: z
        .array(z.string())
        .describe('What still acts, by the word of the cluster, and who did not answer; empty is the proof.'),
      blocked: z.boolean(),
    })
    .openapi('StopAllResult'),
);
