import { z } from '@hono/zod-openapi';

const summary = z.object({
  traceId: z.string(),
  name: z.string().describe('Name of the outermost span: `POST /api/orders`.'),
  startedAt: z.number().describe('Unix time in ms.'),
  duration: z.number().describe('Milliseconds.'),
  spans: z.int(),
  services: z.array(z.string()),
  error: z.boolean(),
  retries: z.int().describe('Calls repeated after a failure.'),
  rejections: z.int().describe('Calls a breaker turned away.'),
});

const spanSchema = z
  .object({
    spanId: z.string(),
    parentId: z.string().nullable(),
    service: z.string(),
    pod: z.string().nullable(),
    name: z.string(),
    kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
    offset: z.number().describe("Milliseconds after the trace's start."),
    duration: z.number().describe('Milliseconds.'),
    error: z.boolean(),
    message: z.string().nullable(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    events: z.array(z.object({ name: z.string(), offset: z.number() })),
    links: z
      .array(z.object({ traceId: z.string(), spanId: z.string() }))
      .describe('Spans that it goes on from, of other traces too: a consumer is linked to who sent the message.'),
  })
  .openapi('Span');
export type SpanView = z.infer<typeof spanSchema>;

export const traceSummarySchema = summary.openapi('TraceSummary');
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const traceSchema = summary.extend({ tree: z.array(spanSchema) }).openapi('Trace');
export type Trace = z.infer<typeof traceSchema>;
