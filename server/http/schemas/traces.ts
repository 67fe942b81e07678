import { z } from '@hono/zod-openapi';
import type { SpanView, Trace, TraceSummary } from '../../contract/traces.ts';
import { schemaOf } from './schema-of.ts';

const summary = z.object({
  traceId: z.string(),
  name: z.string(),
  startedAt: z.number().describe('Unix time in ms.'),
  duration: z.number().describe('Milliseconds.'),
  spans: z.int(),
  services: z.array(z.string()),
  error: z.boolean(),
  retries: z.int(),
  rejections: z.int(),
});

const span = schemaOf<SpanView>()(
  z
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
    })
    .openapi('Span'),
);

export const traceSummarySchema = schemaOf<TraceSummary>()(summary.openapi('TraceSummary'));
export const traceSchema = schemaOf<Trace>()(summary.extend({ tree: z.array(span) }).openapi('Trace'));
