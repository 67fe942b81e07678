import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { PageEvents, ServerEvents } from '../../server/contract/stream.ts';
import type { Source } from './source.ts';

/** A server that turned the page away, because it has too many, is asked again after this long, in ms. */
const AGAIN = 5000;

/**
 * The system as it runs, by the lab server's stream. Every connection begins with the whole of what is shown, so nothing has
 * to be replayed. `url` is the page's own where it is not given.
 */
export function liveSource(url?: string): Source {
  return {
    open(sink, shown) {
      let asked: ReturnType<typeof shown>;
      const socket: Socket<ServerEvents, PageEvents> = io(url ?? window.location.origin, {
        transports: ['websocket'],
        reconnectionDelay: 300,
        reconnectionDelayMax: 2000,
        // Each store has a connection of its own.
        forceNew: true,
        auth(give) {
          asked = shown();
          give({ show: asked });
        },
      });
      // A page may come to show more while the connection is being made.
      socket.on('connect', () => {
        const show = shown();
        if (JSON.stringify(show) !== JSON.stringify(asked)) socket.emit('show', show);
      });
      let again: ReturnType<typeof setTimeout> | undefined;
      socket.on('changes', (changes) => {
        sink.changes(changes);
        if (changes.whole) sink.connection('live');
        socket.emit('seen', changes.number);
      });
      socket.on('refused', ({ code, message }) =>
        console.error(`The lab server refused what this page shows: ${code}. ${message}`),
      );
      socket.on('disconnect', (reason) => {
        sink.connection('lost');
        // A server may send a page away, and socket.io takes that as final. Should no server answer, its back-off takes over.
        if (reason === 'io server disconnect') socket.connect();
      });
      socket.on('connect_error', () => {
        sink.connection('lost');
        if (!socket.active) again = setTimeout(() => socket.connect(), AGAIN);
      });
      return {
        show: (show) => void (socket.connected && socket.emit('show', show)),
        close() {
          clearTimeout(again);
          socket.close();
        },
      };
    },
  };
}
