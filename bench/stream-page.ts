import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { Changes, PageEvents, ServerEvents, Show } from '../server/contract/stream.ts';

/** Everything that the lab page shows, with the series of its four charts. */
export const wholePage: Show = {
  members: [
    ...(['cluster', 'customer', 'desiredProblem', 'faults', 'faultsBlocked', 'lab'] as const),
    ...(['lastChange', 'ledger', 'load', 'marks', 'patterns', 'topology'] as const),
  ],
  series: ['customer', 'gateway'],
};

/** Topology and four charts. */
export const topologyAndCharts: Show = { members: ['load', 'marks', 'topology', 'faults'], series: wholePage.series };

/** A page without a browser, of a participant of its own: says what it shows, takes in what it is told, and counts the bytes of its TCP connection. */
export class StreamPage {
  /** What the first message took, the handshake included. */
  readonly firstBytes: number;
  readonly #socket: Socket<ServerEvents, PageEvents>;
  readonly #tcp: TcpSocket;

  private constructor(socket: Socket<ServerEvents, PageEvents>, tcp: TcpSocket) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.firstBytes = tcp.bytesRead;
  }

  /** Resolves with the first message. */
  static async open(url: string, show: Show): Promise<StreamPage> {
    const agent = new Agent();
    let tcp: TcpSocket | undefined;
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (...given) => (tcp = connect(...given) as TcpSocket);
    const extraHeaders = { cookie: `breakwater-participant=${randomBytes(16).toString('base64url')}` };
    const options = { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders, auth: { show } };
    const socket: Socket<ServerEvents, PageEvents> = io(url, { ...options, agent: agent as unknown as string });
    const first = new Promise<Changes>((resolve, reject) => {
      socket.once('changes', resolve);
      socket.once('connect_error', reject);
    });
    socket.on('changes', ({ number }) => socket.emit('seen', number));
    await first;
    if (!tcp) throw new Error('The connection was not made by the agent it was given.');
    return new StreamPage(socket, tcp);
  }

  /** Bytes that came through its TCP connection: WebSocket frames with their headers, and the handshake. */
  get bytes(): number {
    return this.#tcp.bytesRead;
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  async close(): Promise<void> {
    const closed = once(this.#tcp, 'close');
    this.#socket.disconnect();
    await closed;
  }
}
