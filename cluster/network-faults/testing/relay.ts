import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { begin, type StreamFault } from '../index.ts';
import { Link } from '../link.ts';
import type { Counted } from '../met-fault.ts';
import type { FaultAtWork } from '../stream-fault.ts';

export interface TestFault {
  fault: FaultAtWork;
  counts: Record<Counted, number>;
}

/** It begins, and counts. */
export function acting(fault: StreamFault): TestFault {
  return { fault: begin(fault), counts: { delayed: 0, failed: 0, dropped: 0, leftAlone: 0 } };
}

/** Carries real connections to a port through links with the same faults, as the data plane does. */
export class Relay {
  readonly port: number;
  readonly #links = new Set<Link>();
  #faults: readonly TestFault[] = [];

  private constructor(port: number) {
    this.port = port;
  }

  static async before(t: TestContext, callee: Server): Promise<Relay> {
    const upstreamPort = await listen(t, callee);
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      relay.#carry(client, upstreamPort),
    );
    const relay = new Relay(await listen(t, server));
    return relay;
  }

  /** These act from now on, on the connections that stand too. */
  set(...faults: TestFault[]): void {
    this.#faults = faults;
    for (const link of this.#links) link.setFaults(faults.map(({ fault }) => fault));
  }

  #carry(client: Socket, port: number): void {
    const reset = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
      link.end();
    };
    const link = new Link({
      reset,
      bytes: () => undefined,
      count: (fault, what) => (this.#faults.find((each) => each.fault === fault)!.counts[what] += 1),
    });
    this.#links.add(link);
    link.setFaults(this.#faults.map(({ fault }) => fault));
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const socket of [client, upstream]) socket.on('error', reset);
    upstream.once('connect', () => link.carry(client, upstream));
  }
}

/** Listens on a free port until the test is over, and cuts off who is connected then. */
async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
