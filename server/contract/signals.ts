import { z } from '@hono/zod-openapi';

/** One second of one service or edge. */
export const signalPointSchema = z
  .object({
    t: z.int().describe('Unix time in whole seconds; the second that spans ended in.'),
    count: z.int().describe('Requests that ended in this second.'),
    errors: z.int().describe('Of these, the failed ones.'),
    p50: z
      .number()
      .nullable()
      .describe("Milliseconds, at most 1 % off (the sketch's relative error); null without requests."),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    inFlight: z.number().nullable().describe('Requests in flight at the end of the second; null where not reported.'),
  })
  .openapi('SignalPoint');
export type SignalPoint = z.infer<typeof signalPointSchema>;

const signalIdSchema = z.string().describe("A service's name, or an edge's id (`source>destination`).");
export type SignalId = z.infer<typeof signalIdSchema>;

export const signalSeriesSchema = z
  .object({ id: signalIdSchema, points: z.array(signalPointSchema) })
  .openapi('SignalSeries');
export type SignalSeries = z.infer<typeof signalSeriesSchema>;

/** A moment to mark on every chart. */
export const markSchema = z
  .object({
    id: z.string(),
    at: z.number().describe('Unix time in ms.'),
    kind: z.enum(['fault-start', 'fault-end', 'pattern', 'load', 'breaker']),
    label: z.string(),
  })
  .openapi('Mark');
export type Mark = z.infer<typeof markSchema>;
