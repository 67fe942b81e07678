import { NAME_ALPHABET } from '../kinds/names.ts';

/**
 * The hash that tells the pods of one template from those of another: FNV-1a over the UTF-8 bytes, its digits written in
 * letters that a name may have. Equal templates hash equally, whatever the order of their keys.
 *
 * @param collisions how often another template had the same hash; it changes the hash
 */
export function templateHash(template: unknown, collisions: number | undefined): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(JSON.stringify(sorted(template)) + (collisions ?? ''))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => NAME_ALPHABET[digit.charCodeAt(0) % NAME_ALPHABET.length]).join('');
}

/** The same object with its keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
