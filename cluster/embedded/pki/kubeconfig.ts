import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Credentials } from './credentials.ts';

/** Writes a kubeconfig that kubectl and client libraries take as it is; readable by its owner alone. */
export function writeKubeconfig(file: string, server: string, { caCertificate, token }: Credentials): void {
  const name = 'breakwater';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(caCertificate).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  // Written beside and moved into place: a reader sees the old file or the new one, never a half.
  const draft = `${file}.${process.pid}`;
  try {
    // JSON is YAML too, and needs no library.
    writeFileSync(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
