import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeConfig } from '@kubernetes/client-node';
import { WebSocket } from 'ws';
import { Channels } from './channels.ts';

/** JSON of any shape: a case asserts what it reads of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  /** The body as JSON; undefined when it is none. */
  body: Json;
}

export interface Request {
  /** Sent as JSON unless it is text already. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Leaves the credentials out. */
  anonymous?: boolean;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: Json;
}

/** Bare HTTP to the API server of a kubeconfig's current context: what a case says of the wire, no client library hides. */
export class Api {
  readonly #config: KubeConfig;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  async send(method: string, path: string, { body, headers, anonymous }: Request = {}): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.#open(
      method,
      path,
      { 'content-type': 'application/json', ...headers },
      text,
      anonymous,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks).toString();
    return { status: response.statusCode!, headers: response.headers, text: answer, body: parsed(answer) };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, { body });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, { body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send('DELETE', path, { body });
  }

  /** `type` is `merge`, `strategic-merge`, `json` or `apply`. */
  patch(path: string, type: string, body: unknown): Promise<Answer> {
    const form = type === 'apply' ? 'apply-patch+yaml' : `${type}-patch+json`;
    return this.send('PATCH', path, { body, headers: { 'content-type': `application/${form}` } });
  }

  /** `path` with its query, without `watch=1`. Rejects unless the answer is 200. */
  async watch(path: string, headers?: Record<string, string>): Promise<Watch> {
    const response = await this.#open('GET', `${path}${path.includes('?') ? '&' : '?'}watch=1`, headers ?? {});
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`a watch of ${path} was answered with ${response.statusCode}`);
    }
    return new Watch(response);
  }

  /** Opens a WebSocket. Rejects with its errors when it is refused. */
  async connect(path: string, protocol: string): Promise<Channels> {
    const options: RequestOptions = { method: 'GET', headers: {} };
    await this.#config.applyToHTTPSOptions(options);
    const url = new URL(path, this.#config.getCurrentCluster()!.server.replace(/^http/, 'ws'));
    const socket = new WebSocket(url, [protocol], options);
    const channels = new Channels(socket);
    await once(socket, 'open');
    return channels;
  }

  async #open(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
    anonymous = false,
  ): Promise<IncomingMessage> {
    const { server } = this.#config.getCurrentCluster()!;
    // Node frames the body of a DELETE only by a length.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options: RequestOptions = { method, headers: { ...headers, ...length }, agent: false };
    if (anonymous) options.ca = certificateAuthority(this.#config);
    else await this.#config.applyToHTTPSOptions(options);
    const request = httpsRequest(new URL(path, server), options);
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }
}

/** A watch under way. Events that no `next` has asked for wait. */
export class Watch {
  readonly #response: IncomingMessage;
  readonly #events: AsyncIterator<string>;

  constructor(response: IncomingMessage) {
    this.#response = response;
    this.#events = createInterface(response)[Symbol.asyncIterator]();
  }

  /** The next event; null when the server has ended the watch. */
  async next(): Promise<WatchEvent | null> {
    const { value, done } = await this.#events.next();
    return done ? null : (JSON.parse(value) as WatchEvent);
  }

  /** The first event that fits; rejects when the watch ends before. */
  async until(fits: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    for (;;) {
      const event = await this.next();
      if (!event) throw new Error('the watch ended before the event came');
      if (fits(event)) return event;
    }
  }

  close(): void {
    this.#response.destroy();
  }
}

function certificateAuthority(config: KubeConfig): Buffer | undefined {
  const { caData, caFile } = config.getCurrentCluster()!;
  if (caData) return Buffer.from(caData, 'base64');
  return caFile ? readFileSync(caFile) : undefined;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
