import type { Duplex } from 'node:stream';
import { createWebSocketStream } from 'ws';
import { PORT_FORWARD_PROTOCOL } from './port-forward-pairs.ts';
import type { Upgrade } from './upgrade.ts';
import { acceptWebSocket, CLOSE_MS } from './websocket.ts';

/** SPDY in the binary messages of a WebSocket: KEP-4006, what port-forward of kubectl 1.31 and later speaks. */
export const TUNNEL_PROTOCOL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

/** The bytes inside the WebSocket of a request that has offered TUNNEL_PROTOCOL. */
export async function openTunnel(upgrade: Upgrade): Promise<Duplex> {
  const client = await acceptWebSocket(upgrade, TUNNEL_PROTOCOL);
  const bytes = createWebSocketStream(client);
  // Who reads it may be held up by a pod that does not read: the end that stands behind that would never be seen.
  client.once('close', () => {
    const timer = setTimeout(() => bytes.destroy(), CLOSE_MS);
    bytes.once('close', () => clearTimeout(timer));
  });
  return bytes;
}
