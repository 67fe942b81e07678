import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const cookieName = 'breakwater-participant';
const cookieDays = 180;
/** 16 random bytes as base64url: nobody meets another's by chance, and it is fit to name a file. */
const form = /^[A-Za-z0-9_-]{22}$/;

/** Those who got their name with the answer that is under way. */
const welcomed = new WeakMap<IncomingMessage, string>();

/** Who is at the browser that asks: progress through labs is theirs. Null for who has no cookie of ours, as a program. */
export function participantOf(request: IncomingMessage): string | null {
  const known = welcomed.get(request);
  if (known) return known;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === cookieName && value && form.test(value)) return value;
  }
  return null;
}

/** The same; who has no name yet gets one, in a cookie of the answer. */
export function welcomeParticipant(request: IncomingMessage, response: ServerResponse): string {
  const known = participantOf(request);
  if (known) return known;
  const participant = randomBytes(16).toString('base64url');
  welcomed.set(request, participant);
  const attributes = `Path=/; Max-Age=${cookieDays * 86_400}; HttpOnly; SameSite=Lax`;
  response.setHeader('set-cookie', `${cookieName}=${participant}; ${attributes}`);
  return participant;
}
