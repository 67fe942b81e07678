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

const usageSchema = z.object({
  cpuMillis: z.number().describe('In thousandths of a CPU, over the last seconds.'),
  memoryMb: z.number(),
});

const logAgentSchema = z.object({
  pod: z.string(),
  node: z.string().nullable(),
  cpuMillis: usageSchema.shape.cpuMillis.nullable(),
  memoryMb: usageSchema.shape.memoryMb.nullable(),
  lines: z
    .object({ read: z.number(), shipped: z.number(), dropped: z.number(), buffered: z.number() })
    .nullable()
    .describe('Since the agent began, and (buffered) now; null before it has said so.'),
});
export type LogAgent = z.infer<typeof logAgentSchema>;

export const logAgentsSchema = z
  .object({
    collection: z.enum(['none', 'sidecar', 'daemonset']).describe('How logs are collected now, as the pods have it.'),
    delivery: z.enum(['synchronous', 'buffered']).nullable(),
    agents: z.array(logAgentSchema),
    total: usageSchema.nullable().describe('What all agents use together; null where that is not measured.'),
    pods: z.number().describe('How many pods they collect the logs of: divide by it for the cost per pod.'),
    problem: z.string().nullable().describe('Why it is not known what they use.'),
  })
  .openapi('LogAgents');
export type LogAgents = z.infer<typeof logAgentsSchema>;
