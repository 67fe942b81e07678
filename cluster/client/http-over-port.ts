import { Agent, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClusterError } from './errors.ts';

export interface PodRequest {
  method?: string;
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds until the whole answer must be there. */
  timeout?: number;
}

export interface PodResponse {
  status: number;
  body: string;
}

class StaleConnection extends Error {}

type Dial = () => Promise<Duplex>;

/** HTTP to one port of one pod through the API server; keeps its connections for the next request. */
export class PodHttp {
  readonly #agent: Agent;
  readonly #place: string;

  constructor(place: string, dial: Dial) {
    this.#place = place;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1, timeout: 30_000 });
    this.#agent.createConnection = (_options, callback) => {
      dial().then(
        (stream) => callback?.(null, stream),
        (error: Error) => callback?.(error, undefined as never),
      );
      return undefined;
    };
  }

  /** Resolves with any status; the requests of admin ports may be repeated. Throws ClusterError `pod-unreachable`. */
  async request(request: PodRequest): Promise<PodResponse> {
    const { method = 'GET', path } = request;
    try {
      return await this.#send(request).catch((error: unknown) => {
        // The pod may close a kept connection in the moment it is used again: no sign of trouble, unlike a second time.
        if (error instanceof StaleConnection) return this.#send(request);
        throw error;
      });
    } catch (cause) {
      const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
      throw new ClusterError('pod-unreachable', `${method} ${path} at ${this.#place} failed: ${reason}.`, { cause });
    }
  }

  async #send({ method = 'GET', path, body, timeout = 3_000 }: PodRequest): Promise<PodResponse> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? {} : { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(timeout);
    const outgoing = httpRequest({ agent: this.#agent, host: 'pod', method, path, headers, signal });
    return new Promise<PodResponse>((resolve, reject) => {
      outgoing.once('error', (cause: NodeJS.ErrnoException) => {
        reject(
          outgoing.reusedSocket && cause.code === 'ECONNRESET' ? new StaleConnection(cause.message, { cause }) : cause,
        );
      });
      outgoing.once('response', (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      });
      outgoing.end(payload);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
