import { z } from '@hono/zod-openapi';

const faultParameterSchema = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  default: z.number(),
});
export type FaultParameter = z.infer<typeof faultParameterSchema>;

const targetKindSchema = z.enum(['service', 'edge', 'pod', 'node']);

export const faultKindSchema = z
  .object({
    id: z.string().describe('`bank-slow`, `pod-kill` ...: the name of its file in cluster/faults.'),
    title: z.string(),
    category: z.enum(['dependency', 'network', 'http', 'queue', 'process', 'load', 'cluster', 'logs']),
    summary: z.string(),
    targetKind: targetKindSchema.describe('What it acts on first of all.'),
    targets: z.array(z.string()).describe('What of that kind it can act on now: service names, edge ids, pod names.'),
    otherTargets: z
      .array(z.object({ kind: targetKindSchema, names: z.array(z.string()) }))
      .describe('What it can act on as well: a whole service in place of a pod, or all that runs on a node.'),
    share: z
      .string()
      .nullable()
      .describe(
        'Blast radius unless told otherwise: see FaultRequest. Null for one that has none: it acts on its target as a whole.',
      ),
    counted: z.string().describe('What those are that it delays or fails: `call`, `probe` ...'),
    reason: z
      .string()
      .nullable()
      .describe('Why it cannot act here, or has nothing to act on now; null when it can act.'),
    parameters: z.array(faultParameterSchema),
    duration: z
      .object({ default: z.number(), max: z.number() })
      .describe('Lease in seconds. A momentary fault has a default of 0.'),
  })
  .openapi('FaultKind');
export type FaultKind = z.infer<typeof faultKindSchema>;

/** What the page sends to start one. */
export const faultRequestSchema = z
  .strictObject({
    kind: z.string().max(100).openapi({ example: 'bank-slow' }),
    target: z.string().max(300).openapi({ example: 'bank' }),
    parameters: z
      .record(z.string(), z.number())
      .optional()
      .openapi({ example: { delayMs: 3000, percent: 60 } }),
    share: z
      .string()
      .max(10)
      .optional()
      .describe('Of the pods it could hit, how many it hits: `one`, a number as `2`, or a part of them as `50%`.')
      .openapi({ example: '100%' }),
    duration: z.number().optional().describe('Lease in seconds.').openapi({ example: 60 }),
  })
  .openapi('FaultRequest');
export type FaultRequest = z.infer<typeof faultRequestSchema>;

const faultEvidenceSchema = z.object({
  delayed: z.number().describe('Calls held back.'),
  failed: z.number().describe('Calls failed.'),
  dropped: z.number().describe('Connections or packets dropped.'),
  killed: z.number().describe('Pods or containers ended.'),
  sent: z.number().describe('Requests and messages it sent, or lines it logged, of its own.'),
  pods: z.array(z.string()).describe('Pods it has hit.'),
  changes: z.array(z.string()).describe('What it has changed in objects: `orders: spec.replicas 1 → 0`.'),
});
export type FaultEvidence = z.infer<typeof faultEvidenceSchema>;

export const activeFaultSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    target: z.string(),
    share: z.string().describe('Blast radius: `one`, a number of pods as `2`, or a part of them as `50%`.'),
    parameters: z.record(z.string(), z.number()),
    startedAt: z.number().describe('Unix time in ms.'),
    endsAt: z.number().describe('Unix time in ms.'),
    state: z.enum(['active', 'ended']),
    endedBy: z
      .enum(['lease', 'stop'])
      .nullable()
      .describe('How it ended; null while it is active, and when it never acted.'),
    reason: z.string().nullable().describe('Why it does not act, or not everywhere; what keeps it from ending.'),
    evidence: faultEvidenceSchema,
  })
  .openapi('ActiveFault');
export type ActiveFault = z.infer<typeof activeFaultSchema>;

/** Answer of "stop all": proof that nothing is left. */
export const stopAllResultSchema = z
  .object({
    stopped: z.array(z.string()),
    remaining: z
      .array(z.string())
      .describe(
        'What still acts, by the word of the cluster, and who did not answer (`bank-1 (no answer)`); empty is the proof.',
      ),
    blocked: z.boolean().describe('New faults are refused until released, also after a restart.'),
  })
  .openapi('StopAllResult');
export type StopAllResult = z.infer<typeof stopAllResultSchema>;
