import { z } from '@hono/zod-openapi';
import type { Mark, SignalPoint, SignalSeries } from '../../contract/signals.ts';
import { schemaOf } from './schema-of.ts';

export const signalPointSchema = schemaOf<SignalPoint>()(
  z
    .object({
      t: z.int().describe('Unix time in whole seconds.'),
      count: z.int().describe('Requests that ended in this second.'),
      errors: z.int(),
      p50: z.number().nullable().describe('Milliseconds, at most 1 % off.'),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
      inFlight: z.number().nullable(),
    })
    .openapi('SignalPoint'),
);

export const signalSeriesSchema = schemaOf<SignalSeries>()(
  z
    .object({ id: z.string().describe("A service's name or an edge's id."), points: z.array(signalPointSchema) })
    .openapi('SignalSeries'),
);

export const markSchema = schemaOf<Mark>()(
  z
    .object({
      id: z.string(),
      at: z.number().describe('Unix time in ms.'),
      kind: z.enum(['fault-start', 'fault-end', 'pattern', 'load', 'breaker']),
      label: z.string(),
    })
    .openapi('Mark'),
);
