import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request to upgrade, and the socket it came on. */
export interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  /** What came after the request. */
  head: Buffer;
}

/** The protocols a request names in a header, which may stand several times. */
export function offeredIn(req: IncomingMessage, header: string): string[] {
  const all = req.headersDistinct[header] ?? [];
  return all
    .flatMap((value) => value.split(','))
    .map((protocol) => protocol.trim())
    .filter(Boolean);
}

/** Whether a request wants to go on in SPDY. */
export function wantsSpdy(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'spdy/3.1';
}

/** Answers that the connection goes on in SPDY, with `protocol` in its streams. */
export function acceptSpdy({ socket, head }: Upgrade, protocol: string): void {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
      `X-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
}
