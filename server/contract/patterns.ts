import { z } from '@hono/zod-openapi';

const patternOptionSchema = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string().describe('One sentence: what changes.'),
  unavailable: z.string().optional().describe('Why this cluster cannot have it; not there where it can.'),
});
export type PatternOption = z.infer<typeof patternOptionSchema>;

const boundedNumberSchema = z.object({
  min: z.number(),
  max: z.number(),
  step: z.number().describe('Values are `min` and whole steps from there.'),
  unit: z.string().describe('`%`, `ms` ...'),
  default: z.number(),
});
export type BoundedNumber = z.infer<typeof boundedNumberSchema>;

export const patternSchema = z
  .object({
    id: z.string().describe('Name of its folder: `timeout`, `circuit-breaker` ...'),
    title: z.string(),
    place: z
      .string()
      .describe('Where it acts: an edge (`payments → bank`) or a heading (`Checkout`). The page groups by it.'),
    summary: z.string(),
    cost: z.string().describe('What it costs, in one or two sentences.'),
    whenNot: z.string().describe('When not to use it.'),
    options: z.array(patternOptionSchema).describe('Empty where it is a number.'),
    number: boundedNumberSchema.nullable().describe('What may be chosen in place of options; null where it has these.'),
    default: z.string().describe('What is chosen where nothing was: the first option, or the default number.'),
    selected: z.string().describe('Id of the option in the desired state, or the number as text: `35`.'),
    idleWithout: z
      .array(z.string())
      .describe('What else has to be chosen for it to do anything, and is not: `Checkout: events`.'),
    rolling: z.boolean().describe('True until every pod runs with the selected option.'),
    lastSwitchMs: z
      .number()
      .nullable()
      .describe('Milliseconds the last switch took until live traffic ran on it; null before the first.'),
  })
  .openapi('Pattern');
export type Pattern = z.infer<typeof patternSchema>;

export const patternChangeSchema = z
  .object({
    pattern: z.string(),
    from: z.string().describe('Id of an option, or a number as text.'),
    to: z.string(),
    diff: z.string().describe('Unified diff of the rendered manifests; empty when nothing changed.'),
    commit: z.string().describe('Commit in the desired-state repository.'),
    at: z.number().describe('Unix time in ms.'),
    pending: z
      .string()
      .optional()
      .describe(
        'Only in the answer to a switch: why the cluster does not have it yet. It is kept, and applied as soon as it can be.',
      ),
    untried: z
      .string()
      .optional()
      .describe('Only in the answer to a switch: what of it the API server could not try out before, and why.'),
  })
  .openapi('PatternChange');
export type PatternChange = z.infer<typeof patternChangeSchema>;

export const commitSchema = z
  .object({
    id: z.string().describe('SHA-1 of the commit.'),
    parent: z.string().nullable().describe('Null for the first one.'),
    title: z.string().describe('The first line of its message.'),
    author: z.string(),
    at: z.number().describe('Unix time in ms.'),
    untried: z
      .string()
      .optional()
      .describe('Only in the answer to a revert: what of it the API server could not try out before, and why.'),
  })
  .openapi('Commit');
export type Commit = z.infer<typeof commitSchema>;

export const driftSchema = z
  .object({
    id: z.string(),
    object: z.string().describe('`Deployment/payments`.'),
    fields: z
      .array(z.string())
      .describe('What somebody else had changed: `spec.replicas`; `(deleted)` of a whole object.'),
    by: z
      .string()
      .nullable()
      .describe('Field manager that wrote to the object last, as `kubectl-edit`; null where the cluster does not say.'),
    at: z.number().describe('Unix time in ms at which it was found, and changed back.'),
  })
  .openapi('Drift');
export type Drift = z.infer<typeof driftSchema>;

const violationSchema = z.object({
  object: z.string().describe('`Deployment/payments`.'),
  message: z.string().describe('What is wrong, where, and what to do.'),
});

export const policyCheckSchema = z
  .object({
    enforced: z.boolean().describe('Commits that would break a policy are refused.'),
    policies: z.array(
      z.object({
        id: z.string().describe('`images-pinned`, `limits-set` ...'),
        title: z.string(),
        why: z.string(),
        violations: z.array(violationSchema).describe('What the state that is held does not hold to.'),
      }),
    ),
  })
  .openapi('PolicyCheck');
export type PolicyCheck = z.infer<typeof policyCheckSchema>;

const fieldDriftSchema = z.object({
  field: z.string().describe('`spec.replicas`.'),
  desired: z
    .string()
    .nullable()
    .describe('As text, long ones cut, those of a Secret hidden; null where it is not set.'),
  live: z.string().nullable(),
});
export type FieldDrift = z.infer<typeof fieldDriftSchema>;

const syncedObjectSchema = z
  .object({
    object: z.string().describe('`Deployment/payments`.'),
    namespace: z.string().nullable().describe('Null of what is in none.'),
    sync: z
      .enum(['synced', 'out of sync', 'missing', 'unwatched'])
      .describe(
        '`out of sync`: somebody else has changed what the desired state says of it. `missing`: deleted. `unwatched`: not known.',
      ),
    drift: z.array(fieldDriftSchema).describe('What is out of sync, at most 20 fields.'),
    health: z.object({
      state: z.enum(['done', 'under way', 'failed']).describe('`done`: it is what it should be, as all its pods are.'),
      reason: z.string().describe('Why it is not done: `1 of 2 pods are new`.'),
    }),
  })
  .openapi('SyncedObject');
export type SyncedObject = z.infer<typeof syncedObjectSchema>;

export const syncSchema = z
  .object({
    revision: commitSchema
      .nullable()
      .describe('Whose state is held; null where that is the last good one of before a restart.'),
    applied: z.boolean().describe('The cluster has taken all of it, which is not to say that all of it runs.'),
    selfHeals: z.boolean().describe('What others change in the cluster is changed back.'),
    namespace: z.string().describe('Where objects are that are nowhere else.'),
    objects: z.array(syncedObjectSchema),
  })
  .openapi('Sync');
export type Sync = z.infer<typeof syncSchema>;
