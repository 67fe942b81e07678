import { z } from '@hono/zod-openapi';
import type { FaultRequest } from './faults.ts';

export const labSummarySchema = z
  .object({
    id: z.string().describe('Folder name: `04-circuit-breaker`.'),
    number: z.int(),
    title: z.string(),
    goal: z.string(),
    minutes: z.number(),
    level: z.enum(['start', 'middle', 'deep']),
    available: z.boolean(),
  })
  .openapi('LabSummary');
export type LabSummary = z.infer<typeof labSummarySchema>;

/** A whole state of the system, as a lab wants it. */
export interface SystemState {
  /** Option per pattern id. Patterns not named go to their first option. */
  patterns: Record<string, string>;
  faults: FaultRequest[];
  /** Requests per second; 0 stops the load. */
  load: number;
}

const checkStateSchema = z.enum(['pending', 'holding', 'met']);
export type CheckState = z.infer<typeof checkStateSchema>;

const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: checkStateSchema,
  detail: z.string().describe('The live value: "81 ms now", "4 of 10 s".'),
  alreadyHeld: z.boolean().describe('Holds already although the step has just opened, so it asks for something else.'),
});
export type CheckView = z.infer<typeof checkSchema>;

const predictionSchema = z.object({
  question: z.string(),
  options: z.array(z.object({ id: z.string(), label: z.string() })),
  chosen: z.string().nullable().describe('Locked once chosen.'),
  outcome: z
    .object({ right: z.boolean(), correct: z.string(), why: z.string(), measured: z.string() })
    .nullable()
    .describe(
      "After the step's checks are met: what happened, and why the chosen answer is plausible or right; without one, the right one.",
    ),
});
export type PredictionView = z.infer<typeof predictionSchema>;

const stepSchema = z.object({ id: z.string(), title: z.string(), state: z.enum(['locked', 'current', 'done']) });
export type StepView = z.infer<typeof stepSchema>;

const recapRowSchema = z.object({
  name: z.string().describe('`baseline`, `no breaker`, `timeout only`, `breaker`.'),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  errorRatio: z.number().nullable().describe('Share of orders that failed, 0 to 1.'),
  goodput: z.number().nullable().describe('Accepted orders per second.'),
  ordersLost: z.number(),
  seconds: z.number().describe('Seconds measured.'),
});
export type RecapRow = z.infer<typeof recapRowSchema>;

const recapSchema = z.object({
  rows: z.array(recapRowSchema),
  chart: z
    .array(z.object({ t: z.number(), p95: z.number().nullable(), errorRatio: z.number() }))
    .describe("Customers' p95 and the share of orders that failed, over the whole run; Unix seconds, ms, 0 to 1."),
  moments: z.array(z.object({ at: z.number(), label: z.string() })),
});
export type Recap = z.infer<typeof recapSchema>;

/** A learner's way through one lab. Lives on the server; the page shows it. */
export const labRunSchema = z
  .object({
    lab: z.string(),
    startedAt: z.number().describe('Unix time in ms.'),
    step: z.int().describe('Index of the step shown.'),
    steps: z.array(stepSchema),
    prediction: predictionSchema.nullable(),
    checks: z.array(checkSchema),
    hints: z.array(z.string()).describe('Hints opened so far, in order.'),
    hintsLeft: z.int(),
    busy: z.string().nullable().describe('Something is being brought about: "Resetting the step".'),
    recap: recapSchema.nullable(),
  })
  .openapi('LabRun');
export type LabRun = z.infer<typeof labRunSchema>;

/** Something a learner did in the page that a check may ask for. */
export const labEventSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('trace-opened'), traceId: z.string().max(100) }),
    z.strictObject({ type: z.literal('diff-opened'), pattern: z.string().max(100) }),
    z.strictObject({ type: z.literal('recap-read') }),
  ])
  .openapi('LabEvent');
export type LabEvent = z.infer<typeof labEventSchema>;
