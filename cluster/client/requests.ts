import https from 'node:https';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { refused, unreachable } from './errors.ts';
import type { Access } from './kubeconfig.ts';

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply';

export interface RequestInput {
  query?: Record<string, string | undefined>;
  body?: unknown;
  patch?: PatchType;
  signal?: AbortSignal;
}

const patchTypes: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** An answer that takes longer than this is taken for none. Watches are exempt. */
const answerTimeoutMs = 10_000;

/** JSON over HTTPS to one API server, on kept-alive connections. Errors are ClusterError. */
export class Requests {
  readonly access: Access;
  readonly #agent: http.Agent;
  /** Watches last: among the connections for requests they would leave none. Who opens them bounds them. */
  readonly #streams: http.Agent;

  constructor(access: Access) {
    this.access = access;
    const Agent = access.server.protocol === 'https:' ? https.Agent : http.Agent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 16, scheduling: 'lifo' });
    this.#streams = new Agent({ keepAlive: true });
  }

  /** The parsed body of a 2xx answer. */
  async json<T>(method: string, path: string, input: RequestInput = {}): Promise<T> {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const signal = input.signal ? AbortSignal.any([input.signal, timeout]) : timeout;
    const response = await this.#send(method, path, { ...input, signal }, this.#agent);
    try {
      return JSON.parse(await text(response)) as T;
    } catch (cause) {
      throw unreachable(this.access.server, cause);
    }
  }

  /** The body of a 2xx answer as it arrives, for watches and logs. */
  async stream(path: string, input: RequestInput = {}): Promise<http.IncomingMessage> {
    return this.#send('GET', path, input, this.#streams);
  }

  close(): void {
    this.#agent.destroy();
    this.#streams.destroy();
  }

  async #send(method: string, path: string, input: RequestInput, agent: http.Agent): Promise<http.IncomingMessage> {
    const url = this.url(path, input.query);
    const { headers, ...tls } = await this.access.options();
    const send = url.protocol === 'https:' ? https.request : http.request;
    const body = input.body === undefined ? undefined : JSON.stringify(input.body);
    const request = send(url, {
      ...tls,
      method,
      agent: tls.agent ?? agent,
      signal: input.signal,
      headers: {
        accept: 'application/json',
        ...(headers as Record<string, string>),
        ...(body !== undefined && {
          'content-type': input.patch ? patchTypes[input.patch] : 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
    });
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', (cause) => reject(unreachable(this.access.server, cause)));
      request.end(body);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const answer = await text(response).catch((cause: unknown) => {
      throw unreachable(this.access.server, cause);
    });
    throw refused(`${method} ${url.pathname}`, status, answer);
  }

  url(path: string, query: RequestInput['query'] = {}): URL {
    const base = this.access.server;
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
    return url;
  }
}
