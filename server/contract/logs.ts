import { z } from '@hono/zod-openapi';

export const logRecordSchema = z
  .object({
    at: z.number().describe('Unix time in ms.'),
    service: z.string(),
    pod: z.string().nullable(),
    severity: z
      .int()
      .describe("OTLP's severity number: 9 to 12 is info, 13 to 16 a warning, 17 to 20 an error; 0 unknown."),
    severityText: z.string(),
    body: z.string(),
    traceId: z.string().nullable(),
    spanId: z.string().nullable(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .openapi('LogRecord');
export type LogRecord = z.infer<typeof logRecordSchema>;
