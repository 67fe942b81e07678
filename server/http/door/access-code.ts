import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Without those that are read as one another: 0 and O, 1 and I and L. */
const letters = '23456789abcdefghjkmnpqrstuvwxyz';
const groups = 3;
const lettersPerGroup = 4;

/** What opens the lab for those who come from other machines: `k7f3-9qmx-2bdt`, 59 bits. */
export class AccessCode {
  readonly text: string;
  /** What a browser keeps in place of it. */
  readonly token: string;

  constructor(text: string) {
    this.text = text;
    this.token = createHmac('sha256', text).update('breakwater-access').digest('base64url');
  }

  /** As people type it: spaces around it and capitals make no difference. */
  isCode(text: string): boolean {
    return same(text.trim().toLowerCase(), this.text);
  }

  isToken(text: string): boolean {
    return same(text, this.token);
  }
}

/** The code of a state folder, kept in a file that its owner alone reads; made when it is first asked for. */
export function accessCode(path: string): AccessCode {
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text.length >= groups * lettersPerGroup) return new AccessCode(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const code = Array.from({ length: groups }, group).join('-');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${code}\n`, { mode: 0o600 });
  return new AccessCode(code);
}

function group(): string {
  return Array.from({ length: lettersPerGroup }, () => letters[randomInt(letters.length)]).join('');
}

/** Takes as long however much of it is right. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
