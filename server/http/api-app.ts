import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { participantOf } from './participant.ts';

/** The API with what it has from the listener: the request as it came in over the socket. */
export type ApiApp = OpenAPIHono<{ Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } }>;

/** Who asks. The listener has welcomed them. */
export function participant({ env }: { env: { incoming: IncomingMessage } }): string {
  return participantOf(env.incoming)!;
}
