import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import type { NodeProxy } from '../api.ts';
import { startApiServer, type ApiServer } from '../start.ts';

/** JSON of any shape: a test asserts what it reads of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyJson = any;

/** What a bare HTTP client got. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON. */
  json: () => AnyJson;
}

export interface TestServer extends ApiServer {
  home: string;
  config: KubeConfig;
  /** Sends a request with the token; `body` as JSON unless it is text already. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Answer>;
}

/** A node with nothing on it. */
export const emptyNode: NodeProxy = {
  // eslint-disable-next-line require-yield
  async *logs() {
    return;
  },
  exec: () => Promise.reject(new Error('nothing runs here')),
  attach: () => Promise.reject(new Error('nothing runs here')),
  dial: () => Promise.reject(new Error('nothing listens here')),
  podUsage: () => null,
};

/** As openTestServer, for one test. */
export async function testServer(t: TestContext, nodeProxy?: NodeProxy): Promise<TestServer> {
  const server = await openTestServer(nodeProxy);
  t.after(() => server.close());
  return server;
}

/** Starts a server in a folder of its own, with a namespace `shop`; the folder goes when it is closed. */
export async function openTestServer(nodeProxy: NodeProxy = emptyNode): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'breakwater-api-'));
  const server = await startApiServer({ home, nodeProxy, port: 0 });
  await server.api.create('Namespace', { metadata: { name: 'shop' } });
  const config = new KubeConfig();
  config.loadFromFile(server.kubeconfig);
  const { token } = config.getCurrentUser()!;
  const ca = Buffer.from(config.getCurrentCluster()!.caData!, 'base64');
  return {
    ...server,
    home,
    config,
    async close() {
      await server.close();
      rmSync(home, { recursive: true });
    },
    send: (method, path, body, headers = {}, signal) =>
      new Promise((resolve, reject) => {
        const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
        const length = content && !headers['transfer-encoding'] && { 'content-length': Buffer.byteLength(content) };
        const auth = { authorization: `Bearer ${token}`, ...length, ...headers };
        const req = httpsRequest(server.url + path, { method, ca, headers: auth, agent: false, signal }, (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('error', reject);
          res.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: res.statusCode!, headers: res.headers, text, json: () => JSON.parse(text) });
          });
        });
        req.on('error', reject);
        req.end(content);
      }),
  };
}
