import { z } from 'zod';

const number = z.number().nullable();

const measured = z.object({
  ...{ count: z.number(), errors: z.number(), rate: z.number(), errorRatio: z.number() },
  ...{ p50: number, p95: number, p99: number, inFlight: number, seconds: z.number() },
});

const check = z.object({
  id: z.string(),
  /** Unix time in ms; null while it is not met. A check that was only holding begins its time anew. */
  metFrom: number,
  detail: z.string(),
  alreadyHeld: z.boolean().nullable(),
});

const step = z.object({
  id: z.string(),
  openedAt: number,
  done: z.boolean(),
  chosen: z.string().nullable(),
  measured: z.string(),
  hints: z.int().min(0),
  opening: z.string().nullable(),
  changed: z.boolean(),
  checks: z.array(check),
});

const observed = z.object({
  lastFaultAt: z.number(),
  changes: z.array(
    z.object({
      ...{
        id: z.string(),
        edge: z.string(),
        to: z.enum(['closed', 'open', 'half-open']),
        at: z.number(),
        calm: z.boolean(),
      },
    }),
  ),
  openedTraces: z.array(z.string()),
  events: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('diff-opened'), pattern: z.string() }),
      z.object({ type: z.literal('recap-read') }),
    ]),
  ),
  baseline: z.record(z.string(), measured).nullable(),
});

const recap = z.object({
  rows: z.array(
    z.object({
      ...{ name: z.string(), p50: number, p95: number, errorRatio: number, goodput: number },
      ...{ ordersLost: z.number(), seconds: z.number() },
    }),
  ),
  chart: z.array(z.object({ t: z.number(), p95: number, errorRatio: z.number() })),
  moments: z.array(z.object({ at: z.number(), label: z.string() })),
});

/** What of a run outlives the process: enough to go on at the same step with the same numbers. */
export const runRecordSchema = z.object({
  lab: z.string(),
  startedAt: z.number(),
  /** Unix time in ms. */
  savedAt: z.number(),
  /** Requests per second asked for. */
  load: z.number().min(0),
  /** Index of the step shown. */
  step: z.int().min(0),
  steps: z.array(step),
  observed,
  recap,
});

export type RunRecord = z.infer<typeof runRecordSchema>;
export type StepRecord = z.infer<typeof step>;
export type CheckRecord = z.infer<typeof check>;
export type ObservedRecord = z.infer<typeof observed>;
