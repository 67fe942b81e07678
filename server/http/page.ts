import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { except } from 'hono/combine';
import { etag } from 'hono/etag';
import { shipped, unshipped } from '../../labs/catalogue.ts';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Below it all file names have a hash of what is in them. */
const hashed = '/_next/static/';

/**
 * The page as `next build` exported it below `root`; a note that says how to build it where it is not.
 *
 * @param isLab whether there is a lab with this id; others are at an address that nothing is at
 */
export function openPage(root: string, isLab: (id: string) => boolean): PageHandler {
  const folder = join(root, '.next', 'page');
  if (!existsSync(join(folder, 'index.html'))) return notBuilt;
  const files = { root: folder, precompressed: true };
  const notFoundPage = serveStatic({ ...files, path: '404.html' });
  const app = new Hono();
  app.use(except(`${hashed}*`, etag()), async (context, next) => {
    await next();
    const forever = context.res.ok && context.req.path.startsWith(hashed);
    context.res.headers.set('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
  });
  app.use(serveStatic({ ...files, rewriteRequestPath: (path) => fileOf(path, isLab) }));
  app.notFound(async (context) => {
    const page = await notFoundPage(context, async () => {});
    if (!page) return context.text('There is no page at this address.\n', 404);
    return new Response(page.body, { status: 404, headers: page.headers });
  });
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

/** The file with the page at `path`, or with the data by which Next goes there without loading a page. */
function fileOf(path: string, isLab: (id: string) => boolean): string {
  const [, lab, rest = ''] = /^\/labs\/([^/.]+)(.*)$/.exec(path) ?? [];
  if (lab !== undefined && !isLab(lab)) return '/no-such-lab';
  const place = lab === undefined || shipped.includes(lab) ? path : `/labs/${unshipped}${rest}`;
  if (/\.[^/]+$/.test(place)) return place;
  return place === '/' ? '/index.html' : `${place.replace(/\/$/, '')}.html`;
}

async function notBuilt(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('The page is not built. Run "npm start", or "npx next build" and start the server again.\n');
}
