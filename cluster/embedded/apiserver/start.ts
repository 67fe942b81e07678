import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Api, NodeProxy } from './api.ts';
import { openClusterState } from './cluster-state.ts';
import { HttpServer } from './http/server.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { publishOwnService } from './own-service.ts';
import { loadCredentials } from './tls/credentials.ts';

export interface ApiServerOptions {
  /** Folder for the database, the credentials and the kubeconfig. */
  home: string;
  nodeProxy: NodeProxy;
  /** Without it: the port of the last time, if it is free, else any. */
  port?: number;
}

export interface ApiServer {
  api: Api;
  /** The API as one of the cluster's own parts uses it; its writes bear the name. */
  apiFor(manager: string): Api;
  /** `https://127.0.0.1:<port>` */
  url: string;
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
  const state = openClusterState(join(folder, 'cluster.db'));
  try {
    const credentials = await loadCredentials(folder);
    const server = new HttpServer(state.registry, nodeProxy, credentials);
    const portFile = join(folder, 'port');
    const actual = await listen(server, port, portFile);
    // Only where it is another one: a disk that is full leaves an empty file, and then the next start has another port.
    if (actual !== lastPort(portFile)) writeFileSync(portFile, String(actual));
    publishOwnService(state.registry, actual);
    const url = `https://${HOST}:${actual}`;
    const kubeconfig = join(resolve(home), 'kubeconfig');
    writeKubeconfig(kubeconfig, url, credentials);
    return {
      api: state.api,
      apiFor: (manager) => state.apiFor(manager),
      url,
      kubeconfig,
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
