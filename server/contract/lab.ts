import { z } from '@hono/zod-openapi';
import { faultRequestSchema } from './faults.ts';
import { ledgerSchema } from './ledger.ts';

export const labSummarySchema = z
  .object({
    id: z.string().describe('Folder name: `04-circuit-breaker`.'),
    number: z.int(),
    title: z.string(),
    goal: z.string(),
    minutes: z.number(),
    level: z.enum(['start', 'middle', 'deep']),
    available: z.boolean(),
    patterns: z.array(z.string()).describe('Ids of the patterns that are switched in it, in the order of its steps.'),
  })
  .openapi('LabSummary');
export type LabSummary = z.infer<typeof labSummarySchema>;

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

const answerSchema = z.object({ id: z.string(), label: z.string() });
/** Answers are shuffled for each participant, and stay so; null where a service is to be clicked in the graph. */
const answersSchema = z.array(answerSchema).nullable();

const predictionSchema = z.object({
  question: z.string(),
  options: answersSchema,
  services: z.array(z.string()).describe('The answers there are, where a service is one; else empty.'),
  chosen: z.string().nullable().describe('Locked once chosen.'),
  closed: z.boolean().describe('No prediction is taken any more: its outcome is in sight.'),
  outcome: z
    .object({ right: z.boolean(), correct: z.string(), why: z.string(), measured: z.string() })
    .nullable()
    .describe(
      "After the step's checks are met: what happened, and why the chosen answer is plausible or right; without one, the right one.",
    ),
});
export type PredictionView = z.infer<typeof predictionSchema>;

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  options: answersSchema,
  services: z.array(z.string()),
  tried: z
    .object({ answer: z.string(), right: z.boolean(), why: z.string() })
    .nullable()
    .describe('The answer given last. A wrong one may be followed by another.'),
});
export type QuestionView = z.infer<typeof questionSchema>;

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
  figures: z
    .array(z.number().nullable())
    .describe("Of each of the recap's figures the largest in this phase; null where it was not measured."),
});
export type RecapRow = z.infer<typeof recapRowSchema>;

const recapSchema = z.object({
  rows: z.array(recapRowSchema),
  figures: z
    .array(z.object({ title: z.string(), unit: z.enum(['ms', 'per second', 'share', 'count']) }))
    .describe('What the lab wants to know of each phase beside the rest; most labs nothing.'),
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
    questions: z.array(questionSchema),
    offers: z
      .object({
        start: z.array(faultRequestSchema),
        stop: z.array(faultRequestSchema),
        load: z.number().nullable(),
      })
      .describe("What the step's change asks of faults and load."),
    values: z.record(z.string(), z.string()).describe('What the expressions in the text come to, by their source.'),
    checks: z.array(checkSchema),
    hints: z.array(z.string()).describe('Hints opened so far, in order.'),
    hintsLeft: z.int(),
    busy: z.string().nullable().describe('Something is being brought about: "Resetting the step".'),
    recap: recapSchema.nullable(),
    baseline: z
      .enum(['measuring', 'taken', 'missed'])
      .describe(
        'What the shop is like while it is well: being measured, known, or changed too early or not well for long enough (reset the first step).',
      ),
    ledger: ledgerSchema
      .nullable()
      .describe('What the customers got since the run began; null while nothing is counted.'),
    notices: z
      .array(z.object({ at: z.number(), text: z.string() }))
      .describe(
        'What other participants changed in the shop lately, the newest first: "Someone else set the load to 60".',
      ),
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

/** A text of a guide, a tag of Markdown, or an element of the guides' vocabulary (labs/engine/guide-vocabulary.ts). */
export type GuideNode = string | GuideElementNode;
export interface GuideElementNode {
  /** Small letters for Markdown's, a capital for the vocabulary's. */
  tag: string;
  /** In guide.mdx. */
  line: number;
  props: Record<string, string>;
  children: GuideNode[];
}
export const guideSchema = z
  .object({
    lab: labSummarySchema,
    tree: z.array(z.custom<GuideNode>()).openapi({
      type: 'array',
      items: {},
      description: 'The text: strings and {tag, line, props, children}.',
    }),
    problems: z
      .array(z.object({ file: z.string(), line: z.int(), message: z.string() }))
      .describe('What its author has to mend; the text is then of the last version without any.'),
    version: z.string().describe('Another one after each change of its files.'),
    live: z.boolean().describe('It is being written: ask again each second.'),
  })
  .openapi('Guide');
export type Guide = z.infer<typeof guideSchema>;
