import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { PageEvents, ServerEvents } from '../contract/stream.ts';
import type { Door } from '../http/door/door.ts';

/** Pages, in all and from one address: a workshop's may come through one proxy. */
const maxPages = 400;
const maxOfOneAddress = 300;
/** Beyond these a connection is not even taken up: there would be nobody to tell why. */
const spare = 32;
/** What a page shows, in JSON: a few hundred bytes as a rule. */
const maxIncomingBytes = 16 * 1024;

/** What engine.io keeps of each connection; its types hide it. */
interface Engine {
  clients: Record<string, { remoteAddress: string }>;
}

export type Sockets = Server<PageEvents, ServerEvents>;

/** The sockets of pages: through the door, WebSocket alone, and no more than there is memory for. */
export function openSockets(http: HttpServer, door: Door): Sockets {
  const io: Sockets = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: maxIncomingBytes,
    connectTimeout: 10_000,
    allowRequest(request, callback) {
      try {
        door.check(request);
        const full = crowded(request, spare);
        callback(full, full === null);
      } catch (error) {
        callback(error instanceof Error ? error.message : String(error), false);
      }
    },
  });
  const crowded = (request: IncomingMessage, more: number): string | null => {
    const connected = Object.values((io.engine as unknown as Engine).clients);
    if (connected.length >= maxPages + more)
      return `The lab is shown to ${maxPages} pages already. Close one, then reload.`;
    const address = request.socket.remoteAddress;
    if (connected.filter(({ remoteAddress }) => remoteAddress === address).length < maxOfOneAddress + more) return null;
    return `The lab is shown to ${maxOfOneAddress} pages at your address already. Close one, then reload.`;
  };
  // Said where a page can hear it. Its own connection is counted by now.
  io.use((socket, next) => {
    const full = crowded(socket.request, 1);
    next(full === null ? undefined : new Error(full));
    if (full !== null) setImmediate(() => socket.conn.close());
  });
  return io;
}
