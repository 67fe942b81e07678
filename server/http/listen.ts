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

/**
 * Listens at `host`, and at the loopback too where that is another address: pods send their telemetry there, and the launcher
 * asks for the health there. Rejects with what the system says.
 */
export async function listen(server: Server, host: string, port: number): Promise<Listening> {
  const { address } = await lookup(host);
  const bound = await bind(server, address, port);
  const servers: NetServer[] = [server];
  if (!covering.includes(address)) {
    // Node's way to serve a connection that came in elsewhere.
    const second = createServer((socket) => server.emit('connection', socket));
    await bind(second, loopback, bound);
    servers.push(second);
  }
  return {
    port: bound,
    async close() {
      const closed = servers.map((each) => once(each.close(), 'close'));
      server.closeIdleConnections();
      await Promise.all(closed);
    },
  };
}

async function bind(server: NetServer, address: string, port: number): Promise<number> {
  await new Promise<void>((listening, reject) => {
    server.once('error', reject).listen(port, address, () => {
      server.off('error', reject);
      listening();
    });
  });
  return (server.address() as AddressInfo).port;
}
