import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connection } from './connection.ts';

/** How long a caller and its word that it has called may be apart. */
const PATIENCE_MS = 5_000;

/**
 * The one loopback port through which all callers come in. A connection is taken only once a pod has said on its
 * authenticated control socket that this is its own (`admit`, by the caller's local port, which the kernel vouches for):
 * any other program of the machine that connects here is cut off.
 */
export class EdgePort {
  #strangers = new Map<number, { socket: Socket; timer: NodeJS.Timeout }>();
  #expected = new Map<number, { connection: Connection; timer: NodeJS.Timeout }>();
  #server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    this.#arrived(socket),
  );

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  admit(localPort: number, connection: Connection): void {
    const stranger = this.#strangers.get(localPort);
    if (stranger) {
      clearTimeout(stranger.timer);
      this.#strangers.delete(localPort);
      connection.join(stranger.socket);
      return;
    }
    const timer = setTimeout(() => {
      this.#expected.delete(localPort);
      connection.reset();
    }, PATIENCE_MS);
    this.#expected.set(localPort, { connection, timer });
  }

  #arrived(socket: Socket): void {
    const localPort = socket.remotePort;
    if (localPort === undefined) {
      socket.destroy();
      return;
    }
    const expected = this.#expected.get(localPort);
    if (expected) {
      clearTimeout(expected.timer);
      this.#expected.delete(localPort);
      expected.connection.join(socket);
      return;
    }
    const timer = setTimeout(() => {
      this.#strangers.delete(localPort);
      socket.resetAndDestroy();
    }, PATIENCE_MS);
    this.#strangers.set(localPort, { socket, timer });
  }
}
