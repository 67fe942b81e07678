import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { System } from '../system.ts';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The page as `next build` left it in `root`; a note that says how to build it where it is not. */
export async function loadPage(root: string): Promise<PageHandler> {
  if (!existsSync(join(root, '.next', 'BUILD_ID'))) {
    return note(503, 'The page is not built. Run "npm start", or "npx next build" and start the server again.');
  }
  const { default: next } = await import('next');
  const app = next({ dev: false, dir: root, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return async (request, response) => {
    await handle(request, response);
  };
}

/** What the page's address answers until the page is loaded: a moment. */
export const loadingPage = note(503, 'The lab is starting.', { refresh: '1', 'retry-after': '1' });

function note(status: number, text: string, headers: Record<string, string> = {}): PageHandler {
  return async (_request, response) => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
}

/**
 * The page of a lab is drawn for any id, since one may be written at any time; which there are, the server knows. Others are at an
 * address that nothing is at.
 */
export function withoutUnknownLabs(request: IncomingMessage, system: Pick<System, 'labs'> | null): IncomingMessage {
  const id = /^\/labs\/([^/?]+)/.exec(request.url ?? '')?.[1];
  if (id !== undefined && system && !system.labs.has(id)) request.url = '/no-such-lab';
  return request;
}
