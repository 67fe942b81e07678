import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How often a client is greeted, in ms: as upstream's clients greet their server (client-go, tools/remotecommand). */
const PERIOD_MS = 5_000;
/** So many greetings may go unanswered: upstream's clients give up on their server after 12 periods. */
const SILENT_BEATS = 12;
/** A connection that carries nothing for so long is ended: 4 h, as the kubelet's streamingConnectionIdleTimeout. */
const IDLE_BEATS = (4 * 60 * 60 * 1000) / PERIOD_MS;

/** What a connection has carried, greetings and their answers apart. In any unit, as long as it grows. */
export interface Traffic {
  /** To the client. */
  sent: number;
  received: number;
}

/**
 * Greets the client of a connection for as long as that is open, and ends it when the client is dead, or nothing is carried any more.
 *
 * Whoever is slow is not dead: the client may not have come to a greeting that stands behind output, nor we to an answer that stands
 * behind input. Such silence does not count; a machine that has vanished meanwhile is TCP's to notice.
 *
 * @param socket the connection, below any protocol
 * @param greet asks for an answer. To write is also how one learns of a client that is gone.
 */
export function keepHeartbeat(socket: Duplex, greet: () => void, traffic: Traffic): void {
  // The HTTP server hands out Duplexes that are sockets.
  const bytesRead = () => (socket as Socket).bytesRead;
  let heard = bytesRead();
  let before = { ...traffic };
  /** What had gone to the client before the greeting that it has answered last. */
  let taken = traffic.sent;
  let [silent, idle] = [0, 0];
  const timer = setInterval(() => {
    const isIdle = traffic.sent === before.sent && traffic.received === before.received;
    idle = isIdle ? idle + 1 : 0;
    if (bytesRead() !== heard) [silent, taken] = [0, before.sent];
    else if (taken === traffic.sent && socket.readableLength === 0) silent += 1;
    [heard, before] = [bytesRead(), { ...traffic }];
    if (silent > SILENT_BEATS || idle >= IDLE_BEATS) socket.destroy();
    else greet();
  }, PERIOD_MS);
  const stop = () => clearInterval(timer);
  socket.once('close', stop);
  if (socket.destroyed) stop();
}
