import { Agent, type ClientRequest, type RequestOptions } from 'node:http';

declare module 'node:http' {
  interface Agent {
    /** How node hands a request to its agent; the point where agents may hold it back. */
    addRequest(request: ClientRequest, options: RequestOptions): void;
  }
  interface ClientRequest {
    onSocket(socket: null, error: Error): void;
  }
}

interface Waiting {
  request: ClientRequest;
  start: () => void;
}

/**
 * One pool of connections for all origins: at most `size` requests are under way, and the rest wait in one line, first
 * come first served. This is what node's `maxTotalSockets` promises, but there an idle connection to one origin keeps
 * its place from requests to another, and a waiting origin may never get its turn
 * (https://github.com/nodejs/node/blob/v24.0.0/lib/_http_agent.js, `removeSocket`: "not FIFO across origins").
 * Waiting counts into the duration of the request's client span, since the span begins before.
 */
export class SharedPool extends Agent {
  readonly #size: number;
  readonly #line = new Set<Waiting>();
  #busy = 0;

  constructor(size: number) {
    super({ keepAlive: true });
    this.#size = size;
  }

  override addRequest(request: ClientRequest, options: RequestOptions): void {
    const start = () => {
      this.#busy += 1;
      // The connection becomes free just after the request's close event: the next one is to find it.
      request.once('close', () => process.nextTick(() => this.#next()));
      super.addRequest(request, options);
    };
    if (this.#busy < this.#size) start();
    else this.#line.add({ request, start });
  }

  /** Takes a request that still waits out of the line and fails it; does nothing to one that is under way. */
  giveUp(request: ClientRequest, reason: Error): void {
    for (const waiting of this.#line) {
      if (waiting.request !== request) continue;
      this.#line.delete(waiting);
      request.onSocket(null, reason);
    }
  }

  #next(): void {
    this.#busy -= 1;
    const [first] = this.#line;
    if (!first) return;
    this.#line.delete(first);
    first.start();
  }
}
