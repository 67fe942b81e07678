import { z } from '@hono/zod-openapi';
import type { LabEvent, LabRun, LabSummary } from '../../contract/lab.ts';
import { schemaOf } from './schema-of.ts';

export const labSummarySchema = schemaOf<LabSummary>()(
  z
    .object({
      id: z.string(),
      number: z.int(),
      title: z.string(),
      goal: z.string(),
      minutes: z.number(),
      level: z.enum(['start', 'middle', 'deep']),
      available: z.boolean(),
    })
    .openapi('LabSummary'),
);

const recap = z.object({
  rows: z.array(
    z.object({
      name: z.string(),
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      errorRatio: z.number().nullable(),
      goodput: z.number().nullable(),
      ordersLost: z.number(),
      seconds: z.number(),
    }),
  ),
  chart: z.array(z.object({ t: z.number(), p95: z.number().nullable(), errorRatio: z.number() })),
  moments: z.array(z.object({ at: z.number(), label: z.string() })),
});

const prediction = z.object({
  question: z.string(),
  options: z.array(z.object({ id: z.string(), label: z.string() })),
  chosen: z.string().nullable(),
  outcome: z.object({ right: z.boolean(), correct: z.string(), why: z.string(), measured: z.string() }).nullable(),
});

export const labRunSchema = schemaOf<LabRun>()(
  z
    .object({
      lab: z.string(),
      startedAt: z.number().describe('Unix time in ms.'),
      step: z.int(),
      steps: z.array(z.object({ id: z.string(), title: z.string(), state: z.enum(['locked', 'current', 'done']) })),
      prediction: prediction.nullable(),
      checks: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          state: z.enum(['pending', 'holding', 'met']),
          detail: z.string(),
          alreadyHeld: z.boolean(),
        }),
      ),
      hints: z.array(z.string()),
      hintsLeft: z.int(),
      busy: z.string().nullable(),
      recap: recap.nullable(),
    })
    .openapi('LabRun'),
);

export const labEventSchema = schemaOf<LabEvent>()(
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('trace-opened'), traceId: z.string().max(100) }),
      z.strictObject({ type: z.literal('diff-opened'), pattern: z.string().max(100) }),
      z.strictObject({ type: z.literal('recap-read') }),
    ])
    .openapi('LabEvent'),
);
