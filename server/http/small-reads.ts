import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests without a body have 30 bytes at least: so many of one connection are begun before it can be cut off. */
const pieceBytes = 1024;

/**
 * Has requests read in small pieces. Node reads 64 kB at once and makes all the requests that are in it, thousands where they are
 * small, whatever becomes of their connection; after each piece one that was cut off is read no more.
 */
export function readInPieces(server: Server): void {
  server.on('connection', (socket: Socket) => {
    const push = socket.push.bind(socket);
    socket.push = (chunk: Buffer | null, encoding) => {
      if (chunk === null) return push(null);
      let more = true;
      for (let at = 0; at < chunk.length && !socket.destroyed; at += pieceBytes)
        more = push(chunk.subarray(at, at + pieceBytes), encoding);
      return more;
    };
    // Whoever listens to what comes in has Node hand it over by `push`; else its parser reads from the system by itself.
    const listener = () => {};
    socket.on('data', listener).off('data', listener);
  });
}
