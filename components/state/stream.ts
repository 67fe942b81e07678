import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { ServerEvents } from '../../server/contract/frame.ts';
import { connection } from './connection.ts';
import { takeFrame, takeSnapshot } from './frame-store.ts';

let socket: Socket<ServerEvents> | null = null;
let users = 0;

/**
 * Opens the one stream of the page, or joins it. Every reconnect begins with a whole snapshot, so nothing has to be
 * replayed. `url` is the page's own where it is not given. Returns how to let go of it.
 */
export function openStream(url?: string): () => void {
  users += 1;
  socket ??= connect(url);
  return () => {
    users -= 1;
    if (users > 0) return;
    socket?.close();
    socket = null;
  };
}

function connect(url?: string): Socket<ServerEvents> {
  const options = { transports: ['websocket'], reconnectionDelay: 300, reconnectionDelayMax: 2000 };
  const stream: Socket<ServerEvents> = url === undefined ? io(options) : io(url, options);
  stream.on('snapshot', (frame) => {
    takeSnapshot(frame);
    connection.set('live');
  });
  stream.on('frame', takeFrame);
  stream.on('disconnect', (reason) => {
    connection.set('lost');
    // A server may send a page away, and socket.io takes that as final. Should no server answer, its back-off takes over.
    if (reason === 'io server disconnect') stream.connect();
  });
  stream.on('connect_error', () => {
    if (connection.get() === 'live') connection.set('lost');
  });
  return stream;
}
