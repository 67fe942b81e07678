import { z } from '@hono/zod-openapi';
import type { Pattern, PatternChange } from '../../contract/patterns.ts';
import { schemaOf } from './schema-of.ts';

export const patternSchema = schemaOf<Pattern>()(
  z
    .object({
      id: z.string(),
      title: z.string(),
      place: z.string(),
      summary: z.string(),
      cost: z.string(),
      whenNot: z.string().describe('When not to use it.'),
      options: z.array(z.object({ id: z.string(), label: z.string(), summary: z.string() })),
      selected: z.string(),
      rolling: z.boolean().describe('True until every pod runs with the selected option.'),
      lastSwitchMs: z.number().nullable(),
    })
    .openapi('Pattern'),
);

export const patternChangeSchema = schemaOf<PatternChange>()(
  z
    .object({
      pattern: z.string(),
      from: z.string(),
      to: z.string(),
      diff: z.string().describe('Unified diff of the rendered manifests; empty when nothing changed.'),
      commit: z.string(),
      at: z.number().describe('Unix time in ms.'),
      pending: z
        .string()
        .optional()
        .describe(
          'Only in the answer to a switch: why the cluster does not have it yet. It is applied as soon as it can be.',
        ),
    })
    .openapi('PatternChange'),
);
