import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key to sign tokens of service accounts with: ECDSA on P-256. */
export function newTokenKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The key kept in a folder, made on first use: tokens hold over restarts. One that cannot be read is made anew. */
export function loadTokenKey(folder: string): KeyObject {
  const file = join(folder, 'sa.key');
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') console.warn(`${file} is unusable and is made anew: ${message}`);
  }
  const key = newTokenKey();
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return key;
}
