import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the server proves itself with, and what its clients prove themselves with. PEM, but for the token. */
export interface Credentials {
  caCertificate: string;
  serverCertificate: string;
  serverKey: string;
  token: string;
}

/** The credentials cannot be kept. */
class CredentialsError extends Error {
  readonly code = 'CredentialsUnusable';
}

/** A certificate that ends sooner than this is replaced, in ms. */
const RENEW_BEFORE = 30 * 24 * 3600 * 1000;

const files = {
  caCertificate: 'ca.crt',
  caKey: 'ca.key',
  serverCertificate: 'server.crt',
  serverKey: 'server.key',
  token: 'token',
} as const;

type Stored = Record<keyof typeof files, string>;

/**
 * The credentials kept in a folder, made on first use, so that a kubeconfig holds over restarts.
 *
 * @throws CredentialsError
 */
export async function loadCredentials(folder: string): Promise<Credentials> {
  try {
    const stored = read(folder);
    if (stored && isUsable(stored)) return stored;
    // The library that signs certificates takes longer to load than the whole server: only when it is needed.
    const { issueCertificates } = await import('./certificates.ts');
    const fresh: Stored = {
      ...(await issueCertificates()),
      token: stored?.token ?? randomBytes(32).toString('base64url'),
    };
    write(folder, fresh);
    return fresh;
  } catch (cause) {
    const message = `The API server's credentials in ${folder} cannot be read or made (${(cause as Error).message}): check the folder's permissions, or move it away to have new ones`;
    throw new CredentialsError(message, { cause });
  }
}

function read(folder: string): Stored | undefined {
  const entries = Object.entries(files).map(([name, file]) => [name, readIfThere(join(folder, file))] as const);
  return entries.every(([, text]) => text) ? (Object.fromEntries(entries) as unknown as Stored) : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function write(folder: string, stored: Stored): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, file] of Object.entries(files)) {
    writeFileSync(join(folder, file), stored[name as keyof Stored], { mode: 0o600 });
  }
}

/** Still good for a while, and each other's. A file that was cut short counts as none. */
function isUsable({ caCertificate, serverCertificate }: Stored): boolean {
  try {
    const ca = new X509Certificate(caCertificate);
    const server = new X509Certificate(serverCertificate);
    const soon = Date.now() + RENEW_BEFORE;
    const named = server.checkHost('kubernetes.default') && server.checkIP('10.96.0.1');
    return !!named && [ca, server].every(({ validTo }) => Date.parse(validTo) > soon) && server.verify(ca.publicKey);
  } catch (error) {
    console.warn(`the API server's certificates are unusable and are made anew: ${(error as Error).message}`);
    return false;
  }
}
