import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Requests that have come and not yet been answered to the end. Probes do not count. */
export interface OpenRequests {
  readonly count: number;
  /** Age of the oldest, in ms; 0 when there is none. */
  oldestMs(): number;
  /** From now on every answer tells the caller to close its connection and come in by another. */
  closeConnections(): void;
  /** Resolves when the last has been answered, and for so long no other has come. */
  quiet(ms: number): Promise<void>;
}

/** Paths that are asked by who runs the service, not by who uses it. */
export const probes = new Set(['/healthz', '/readyz']);

/** @param onChange called with +1 and -1. */
export function openRequests(server: Server, onChange: (change: 1 | -1) => void): OpenRequests {
  /** When each came, in the order they came. */
  const open = new Map<ServerResponse, number>();
  const waiting = new Set<() => void>();
  let come = 0;
  let closing = false;

  const closeAfter = (response: ServerResponse) => {
    // Without this header the caller would keep the connection for its next request, and never see the new pods.
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (closing) closeAfter(response);
    if (probes.has(request.url ?? '')) return;
    open.set(response, performance.now());
    come += 1;
    onChange(1);
    response.once('close', () => {
      open.delete(response);
      onChange(-1);
      if (open.size === 0) for (const resolve of waiting) resolve();
    });
  });

  const empty = async () => {
    if (open.size > 0) await new Promise<void>((resolve) => void waiting.add(resolve));
  };

  return {
    get count() {
      return open.size;
    },
    oldestMs() {
      const [oldest] = open.values();
      return oldest === undefined ? 0 : performance.now() - oldest;
    },
    closeConnections() {
      closing = true;
      for (const response of open.keys()) closeAfter(response);
    },
    async quiet(ms) {
      for (let before = -1; before !== come;) {
        await empty();
        before = come;
        await delay(ms);
        await nextTurn(); // a timer of a busy process is up before what came meanwhile has been read
      }
    },
  };
}
