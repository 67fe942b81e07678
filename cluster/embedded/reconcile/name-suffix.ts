import { randomInt } from 'node:crypto';

/** Kubernetes' own alphabet for generated names: no vowels and no look-alikes, so that no words come about. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix as in `gateway-7d9c5b8f6d-x2x7k`. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** The same text always gives the same suffix: FNV-1a over its UTF-8 bytes, its digits written in the alphabet above. */
export function hashSuffix(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}
