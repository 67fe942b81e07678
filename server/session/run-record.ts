import { z } from 'zod';
import { ledgerSchema } from '../contract/ledger.ts';

const number = z.number().nullable();
const ledger = ledgerSchema.nullable();

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
  closed: z.boolean(),
  /** What the prediction asked for; null while nobody knows. */
  truth: z.string().nullable(),
  measured: z.string(),
  /** Per question the answer given last. */
  answers: z.record(z.string(), z.string()),
  hints: z.int().min(0),
  opening: z.string().nullable(),
  changed: z.boolean(),
  ledger,
  checks: z.array(check),
});

const witness = z.object({
  lastFaultAt: z.number(),
  breakerChanges: z.array(
    z.object({
      ...{ id: z.string(), edge: z.string(), to: z.enum(['closed', 'open', 'half-open']) },
      ...{ at: z.number(), calm: z.boolean() },
    }),
  ),
  openedTraces: z.array(z.object({ name: z.string(), duration: z.number() })),
  read: z.array(z.string()),
  queues: z.record(z.string(), z.number()).default({}),
});

const recap = z.object({
  rows: z.array(
    z.object({
      ...{ name: z.string(), p50: number, p95: number, errorRatio: number, goodput: number },
      ...{ ordersLost: z.number(), seconds: z.number(), figures: z.array(number).default([]) },
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
  witness,
  /** By key of the fact; null before it was taken. */
  baseline: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).nullable(),
  /** The count when the run began. */
  ledger,
  recap,
});

export type RunRecord = z.infer<typeof runRecordSchema>;
export type StepRecord = z.infer<typeof step>;
export type WitnessRecord = z.infer<typeof witness>;
