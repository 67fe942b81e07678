import { WebSocketServer, type WebSocket } from 'ws';
import type { Upgrade } from './upgrade.ts';

/** A whole message is held in memory; bytes. */
const MESSAGE_LIMIT = 16 * 1024 * 1024;
/** How long what is under way when a connection is closed may take; ms. */
export const CLOSE_MS = 5_000;

/**
 * Opens the WebSocket of a request that has offered `protocol`. A handshake that is wrong is refused on the way; then this never
 * resolves. Beyond its limits `ws` closes a connection: the size of a message, its pieces, pings that pile up unanswered.
 */
export function acceptWebSocket({ req, socket, head }: Upgrade, protocol: string): Promise<WebSocket> {
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false },
    ...{ maxPayload: MESSAGE_LIMIT, closeTimeout: CLOSE_MS },
  });
  // To `ws` a name with a slash is no name (RFC 6455 wants a token), so it is to see none.
  delete req.headers['sec-websocket-protocol'];
  server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve) => {
    server.handleUpgrade(req, socket, head, (client) => {
      client.binaryType = 'nodebuffer';
      // It closes the connection itself, and tells the client why where that can still be told.
      client.on('error', () => undefined);
      resolve(client);
    });
  });
}
