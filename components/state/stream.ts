import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { ServerEvents } from '../../server/contract/frame.ts';
import { connection } from './connection.ts';
import { takeFrame, takeSnapshot } from './frame-store.ts';

let socket: Socket<ServerEvents> | null = null;
let users = 0;

/**
 * Opens the one stream of the page, or joins it. Every reconnect begins with a whole snapshot, so nothing has to be
 * replayed. Returns how to let go of it.
 */
export function openStream(): () => void {
  users += 1;
  socket ??= connect();
  return () => {
    users -= 1;
    if (users > 0) return;
    socket?.close();
    socket = null;
  };
}

function connect(): Socket<ServerEvents> {
  const stream: Socket<ServerEvents> = io({
    transports: ['websocket'],
    reconnectionDelay: 300,
    reconnectionDelayMax: 2000,
  });
  stream.on('snapshot', (frame) => {
    takeSnapshot(frame);
    connection.set('live');
  });
  stream.on('frame', takeFrame);
  stream.on('disconnect', () => connection.set('lost'));
  stream.on('connect_error', () => {
    if (connection.get() === 'live') connection.set('lost');
  });
  return stream;
}
