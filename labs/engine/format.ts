import { z } from 'zod';

/** `500ms`, `3s`, `15m`, in ms. */
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'write a duration as 500ms, 3s or 15m')
  .transform((text) => Number.parseFloat(text) * { ms: 1, s: 1000, m: 60_000 }[/[a-z]+$/.exec(text)![0] as 'ms']);

const id = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'write an id in small letters, digits and hyphens');
const text = z.string().min(1).max(2000);
const expression = z.string().min(1).max(1000);

const kindsOfChange = [
  z.strictObject({ pattern: id, option: z.coerce.string() }),
  z
    .object({ fault: id, target: z.string(), share: z.number().min(1).max(100).optional(), for: duration.optional() })
    .catchall(z.union([z.number(), duration]))
    // A fault that a lab starts lasts until its learner has understood, unless the lab says otherwise.
    .transform(({ fault, target, share = null, for: lease = 900_000, ...parameters }) => {
      return {
        fault: { fault, target, share, seconds: lease / 1000, parameters: parameters as Record<string, number> },
      };
    }),
  z.strictObject({ stop: id, target: z.string() }),
  z.strictObject({ load: z.number().min(0) }),
  z.strictObject({ open: z.literal('trace'), name: z.string(), over: duration.optional() }),
  z.strictObject({ read: id }),
  z.strictObject({ answer: id }),
] as const;
const change = z.union(kindsOfChange, {
  error:
    'a change is one of {pattern, option}, {fault, target, share, for, and its parameters}, {stop, target}, {load}, {open: trace, name, over}, {read} or {answer}',
});
export type Change = z.infer<typeof change>;

const answers = z.union(
  [
    z.literal('service'),
    z
      .array(z.strictObject({ id, label: text, why: text }))
      .min(2)
      .max(6),
  ],
  {
    error: 'answers are the word "service", or a list of {id, label, why} with two or more',
  },
);
const why = z.record(z.string(), text).default({});

const check = z.strictObject({
  id: id.optional(),
  title: text.optional(),
  expr: expression,
  for: duration.default(0),
  detail: text.optional(),
});

const step = z.strictObject({
  id,
  title: text,
  change: z.union([change.transform((one) => [one]), z.array(change)], { error: 'a change, or a list of changes' }),
  predict: z
    .strictObject({
      ask: text,
      answers,
      truth: z.union([id, z.strictObject({ first: id, over: z.union([duration, z.number()]) })]),
      why,
      measured: text,
    })
    .optional(),
  asks: z.array(z.strictObject({ id, ask: text, answers, truth: z.union([id, z.array(id).min(1)]), why })).default([]),
  checks: z.array(check).min(1),
  hints: z.array(text).min(2),
});

/** lab.yaml, as a teacher writes it. docs/writing-a-lab.md explains each part. */
export const labFileSchema = z.strictObject({
  title: text,
  goal: text,
  minutes: z.number().min(1).max(120),
  level: z.enum(['start', 'middle', 'deep']),
  start: z.strictObject({ load: z.number().min(0), patterns: z.record(id, z.coerce.string()).default({}) }),
  baseline: z.strictObject({ expr: expression, for: duration }),
  recap: z.strictObject({
    latency: z.string(),
    orders: z.string(),
    rows: z.array(z.strictObject({ name: text, when: expression })).min(1),
    figures: z
      .array(z.strictObject({ title: text, most: expression }))
      .max(3)
      .default([]),
    moments: z.array(z.strictObject({ label: text, when: expression })).default([]),
  }),
  steps: z.array(step).min(1).max(12),
});
export type LabFile = z.infer<typeof labFileSchema>;
export type StepFile = z.infer<typeof step>;
