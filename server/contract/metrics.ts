import { z } from '@hono/zod-openapi';

export const metricSchema = z
  .object({
    service: z.string(),
    pod: z.string(),
    name: z.string(),
    kind: z.enum(['gauge', 'sum', 'histogram']).describe('Sums and histograms are cumulative.'),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    points: z
      .array(
        z.object({
          at: z.number().describe('Unix time in ms at which it came in.'),
          value: z.number().describe('Of a histogram the sum of what was recorded.'),
          count: z.number().nullable().describe('Of a histogram how many were recorded.'),
        }),
      )
      .describe('One every 5 s of the last 15 minutes, and the latest.'),
  })
  .openapi('Metric');
export type Metric = z.infer<typeof metricSchema>;
