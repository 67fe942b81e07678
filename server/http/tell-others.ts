import type { IncomingMessage } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { labelOf } from '../desired-state/options.ts';
import type { System, SystemDoor } from '../system.ts';
import { participantOf } from './participant.ts';

/** Requests that change the shop, which is everybody's, and how the others are told of each. */
const changes: { method: string; path: RegExp; says: (name: string, body: Body, system: System) => string }[] = [
  { method: 'PUT', path: /^\/api\/load$/, says: (_name, { rate }) => `set the load to ${rate}` },
  { method: 'PUT', path: /^\/api\/patterns\/([^/]+)$/, says: saysPattern },
  { method: 'PUT', path: /^\/api\/patterns$/, says: () => 'chose the options of all patterns' },
  {
    method: 'POST',
    path: /^\/api\/faults$/,
    says: (_name, { kind, target }) => `started a fault: ${kind} on ${target}`,
  },
  { method: 'DELETE', path: /^\/api\/faults$/, says: () => 'stopped all faults' },
  { method: 'DELETE', path: /^\/api\/faults\/[^/]+$/, says: () => 'stopped a fault' },
  { method: 'POST', path: /^\/api\/faults\/release$/, says: () => 'let faults be started again' },
  {
    method: 'POST',
    path: /^\/api\/commits\/([^/]+)\/revert$/,
    says: (commit) => `took back the commit ${commit.slice(0, 7)}`,
  },
  {
    method: 'POST',
    path: /^\/api\/labs\/([^/]+)\/(start|show-me|reset-step)$/,
    says: (lab) => `brought the shop to a state of the lab ${lab}`,
  },
];

type Body = Record<string, unknown>;

/** After a request that changed the shop, tells every other participant's run what was done. */
export function tellOthers(door: SystemDoor): MiddlewareHandler<{ Bindings: { incoming: IncomingMessage } }> {
  return async (c, next) => {
    await next();
    if (c.req.method === 'GET' || !c.res.ok) return;
    const participant = participantOf(c.env.incoming);
    for (const { method, path, says } of changes) {
      const name = method === c.req.method ? path.exec(c.req.path) : null;
      if (!name || participant === null) continue;
      const body: unknown = await c.req.json().catch(() => ({})); // DELETE has none
      door().labs.changed(participant, says(decodeURIComponent(name[1] ?? ''), (body ?? {}) as Body, door()));
    }
  };
}

function saysPattern(id: string, { option }: Body, system: System): string {
  const pattern = system.patterns.list().find((each) => each.id === id);
  const label = pattern ? labelOf(pattern, String(option)) : String(option);
  const title = (pattern?.title ?? id).toLowerCase();
  return label === 'on' || label === 'off' ? `switched ${title} ${label}` : `set ${title} to ${label}`;
}
