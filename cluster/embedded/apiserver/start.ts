import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NodeProxy } from './api.ts';
import { openClusterState, type ClusterState } from './cluster-state.ts';
import { loadTokenKey } from './auth/token-key.ts';
import { HttpServer } from './http/server.ts';
import { writeKubeconfig } from '../pki/kubeconfig.ts';
import { loadCredentials } from '../pki/credentials.ts';

export interface ApiServerOptions {
  /** Folder for the database, the credentials and the kubeconfig. */
  home: string;
  nodeProxy: NodeProxy;
  /** Without it: the port of the last time, if it is free, else any. */
  port?: number;
}

export interface ApiServer extends Pick<ClusterState, 'api' | 'tokens'> {
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** PEM; by which its certificate is trusted. */
  caCertificate: string;
  /** Path of the kubeconfig. */
  kubeconfig: string;
  close(): Promise<void>;
}

/** The API server cannot listen where it was told to. */
class PortError extends Error {
  readonly code = 'PortUnavailable';
}

const HOST = '127.0.0.1';

/**
 * Starts the API server on loopback over the state in `home`.
 *
 * @throws DatabaseError, CredentialsError, PortError
 */
export async function startApiServer({ home, nodeProxy, port }: ApiServerOptions): Promise<ApiServer> {
  const folder = join(resolve(home), 'apiserver');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state = openClusterState(join(folder, 'cluster.db'), loadTokenKey(folder));
  try {
    const credentials = await loadCredentials(folder);
    const server = new HttpServer({ ...state, nodes: nodeProxy }, credentials);
    const portFile = join(folder, 'port');
    const actual = await listen(server, port, portFile);
    // Only where it is another one: a disk that is full leaves an empty file, and then the next start has another port.
    if (actual !== lastPort(portFile)) writeFileSync(portFile, String(actual));
    const url = `https://${HOST}:${actual}`;
    const kubeconfig = join(resolve(home), 'kubeconfig');
    writeKubeconfig(kubeconfig, url, credentials);
    const { api, tokens } = state;
    return {
      ...{ api, tokens, url, kubeconfig },
      caCertificate: credentials.caCertificate,
      async close() {
        await server.close();
        state.close();
      },
    };
  } catch (error) {
    state.close();
    throw error;
  }
}

async function listen(server: HttpServer, port: number | undefined, portFile: string): Promise<number> {
  const wanted = port ?? lastPort(portFile);
  try {
    return await server.listen(HOST, wanted);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (port === undefined && code === 'EADDRINUSE') return server.listen(HOST, 0);
    throw new PortError(`The API server cannot listen on ${HOST}:${wanted} (${code}): choose another port`, { cause });
  }
}

function lastPort(file: string): number {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65536 ? port : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
