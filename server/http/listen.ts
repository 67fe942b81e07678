import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';

const loopback = '127.0.0.1';
/** Addresses that the loopback's connections come to as well. */
const covering = [loopback, '0.0.0.0', '::'];

export interface Listening {
  port: number;
  /** Takes no new connections; resolves when the last one has ended. */
  close(): Promise<void>;
}

/** Tries at a port that is free at both places, where any will do. */
const maxTries = 5;

/**
 * Listens at `host`, and at the loopback too where that is another address: pods send their telemetry there, and the launcher
 * asks for the health there. Rejects with what the system says.
 *
 * @param port 0 for any free one
 */
export async function listen(server: Server, host: string, port: number): Promise<Listening> {
  const { address } = await lookup(host);
  if (covering.includes(address)) {
    const bound = await bind(server, address, port);
    return { port: bound, close: () => closeAll(server) };
  }
  for (let tries = 1; ; tries++) {
    // Node's way to serve a connection that came in elsewhere; such a server lacks what one for HTTP sets by itself.
    const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
    // First, for it can be closed and bound anew; `server` cannot, its WebSockets end with it.
    const bound = await bind(second, loopback, port);
    try {
      await bind(server, address, bound);
      return { port: bound, close: () => closeAll(server, second) };
    } catch (error) {
      await closed(second);
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (port !== 0 || !taken || tries === maxTries) throw error;
    }
  }
}

async function closeAll(server: Server, ...others: NetServer[]): Promise<void> {
  const ends = [server, ...others].map(closed);
  server.closeIdleConnections();
  await Promise.all(ends);
}

function closed(server: NetServer): Promise<unknown> {
  return once(server.close(), 'close');
}

async function bind(server: NetServer, address: string, port: number): Promise<number> {
  await once(server.listen(port, address), 'listening');
  return (server.address() as AddressInfo).port;
}
