import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.ts';

/** What of the state a page can be shown: the members of a frame; signals come as columns. */
const memberSchema = frameSchema.omit({ time: true, signals: true }).keyof();
export type Member = z.infer<typeof memberSchema>;

/** Page to server, with the connection and whenever what the page shows becomes other: what it wants to be told of. */
export const showSchema = z.strictObject({
  members: z.array(memberSchema).max(memberSchema.options.length),
  series: z.array(z.string().max(200)).max(32).describe('Services, edges or operations, as in GET /api/signals.'),
});
export type Show = z.infer<typeof showSchema>;

/** Page to server: the number of the message that it has taken in. The next one comes after that. */
export const seenSchema = z.int().positive();

const columnSchema = z.array(z.number().nullable());
/** Consecutive seconds of one series. A column that is left out holds null in each second; of `errors`, 0. */
const runSchema = z.strictObject({
  t0: z.int().describe('Unix time in whole seconds of the first value of each column.'),
  count: z.array(z.number()),
  errors: z.array(z.number()).optional(),
  p50: columnSchema.optional(),
  p95: columnSchema.optional(),
  p99: columnSchema.optional(),
  inFlight: columnSchema.optional(),
});
export type Run = z.infer<typeof runSchema>;

/**
 * Server to page: what is other than in the message before, as it is now. A member of the state is one entity (`load`), or a
 * list (`topology.services`) whose entries are entities (`topology.services/gateway`).
 */
export const changesSchema = z.strictObject({
  time: z.number().describe("Unix time in ms, of the server's clock."),
  number: z.int().describe('To be sent back as `seen`.'),
  whole: z.boolean().optional().describe('True in the first message of a connection: nothing from before holds.'),
  lists: z.record(z.string(), z.array(z.string())).optional().describe('Which entries a list has, in order.'),
  set: z.record(z.string(), z.unknown()).optional().describe('Entities that are new, or other altogether.'),
  merge: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .describe('Entities that were sent before: the fields that changed.'),
  series: z.record(z.string(), z.array(runSchema)).optional().describe('Seconds that are new or were corrected.'),
});
export type Changes = z.infer<typeof changesSchema>;

/** Server to page: why what it sent was not taken. Nothing was changed by it. */
export const refusalSchema = z.strictObject({
  code: z.enum(['bad-message', 'too-many-messages']),
  message: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** socket.io events, server to page. */
export interface ServerEvents {
  changes: (changes: Changes) => void;
  refused: (refusal: Refusal) => void;
}

/** socket.io events, page to server. */
export interface PageEvents {
  show: (show: Show) => void;
  seen: (number: number) => void;
}
