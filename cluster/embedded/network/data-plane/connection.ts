import { connect, type Socket } from 'node:net';
import { Link } from '../../../network-faults/link.ts';
import type { PodRecord } from '../messages.ts';
import type { BusyPoll } from './busy-poll.ts';
import type { FaultInForce } from './fault-in-force.ts';
import type { FaultsInForce } from './faults-in-force.ts';
import type { Orphans } from './orphans.ts';

/** Where nobody answers, Linux gives up after so long (tcp_syn_retries 6). */
const CONNECT_MS = 127_000;
const NO_LOCAL_PORT = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

export interface Route {
  source: PodRecord;
  /** The pod called, if it is one. */
  destination: PodRecord | null;
  /** Every Service this is a call of, as `namespace/name`: what faults are matched by. */
  services: string[];
  /** Where it really is: on this machine, or an address outside that stands behind a Service. */
  host: string;
  realPort: number;
  /** Where the upstream connection comes from, so that the callee sees its caller. */
  localAddress: string | undefined;
}

/** What all connections have in common. */
export interface Carriage {
  faults: FaultsInForce;
  busy: BusyPoll;
  orphans: Orphans;
}

/**
 * One connection of a pod: caller <-> client socket <-> link <-> upstream socket <-> callee.
 *
 *   open()   the SYN passes the line there, the upstream is connected, the SYN-ACK passes the line back: then the answer
 *   join()   the caller has come to the edge port: bytes flow until both sockets are closed
 *   reset()  at any moment: both ends see it
 */
export class Connection {
  readonly route: Route;
  readonly #faults: FaultsInForce;
  readonly #busy: BusyPoll;
  readonly #orphans: Orphans;
  readonly #onOver: () => void;
  readonly #link = new Link({
    reset: () => this.reset(),
    bytes: () => this.#busy.bytes(),
    count: (fault, what) => this.#met.find((each) => each.fault === fault)?.count(what, this.route),
  });
  #client: Socket | undefined;
  #upstream: Socket | undefined;
  #answer: ((error: string | null) => void) | undefined;
  #met: FaultInForce[] = [];
  #givenUp: NodeJS.Timeout | undefined;
  #openSockets = 0;
  #over = false;

  constructor(route: Route, { faults, busy, orphans }: Carriage, onOver: () => void) {
    this.route = route;
    this.#faults = faults;
    this.#busy = busy;
    this.#orphans = orphans;
    this.#onOver = onOver;
    this.reviewFaults();
  }

  /** Puts the faults that are in force now on this connection, on what is on its way too. */
  reviewFaults(): void {
    const met = this.#faults.on(this.route);
    if (met.length === this.#met.length && met.every((fault, i) => fault === this.#met[i])) return;
    this.#met = met;
    this.#link.setFaults(met.map(({ fault }) => fault));
  }

  /** Connects to the callee; `answer` gets null, or the name of the errno. */
  open(answer: (error: string | null) => void): void {
    this.#answer = answer;
    this.#givenUp = setTimeout(() => this.#giveUp(), CONNECT_MS);
    this.#link.passOpening('there', () => this.#connect(this.route.localAddress));
  }

  /** The caller's own side has arrived on the edge port. */
  join(client: Socket): void {
    const upstream = this.#upstream;
    if (this.#over || !upstream || upstream.destroyed) {
      client.resetAndDestroy();
      this.reset();
      return;
    }
    this.#client = client;
    this.#watch(client);
    client.once('end', () => {
      if (!this.#over && !this.#link.clear) this.#orphans.add(this);
    });
    this.#link.carry(client, upstream);
  }

  reset(): void {
    if (this.#over) return;
    this.#client?.resetAndDestroy();
    this.#upstream?.resetAndDestroy();
    // Before the callee was asked, the caller's SYN is answered with a RST.
    this.#reply(this.#upstream ? 'ECONNRESET' : 'ECONNREFUSED');
    this.#end();
  }

  #connect(localAddress: string | undefined): void {
    const { host, realPort: port } = this.route;
    const upstream = connect({ host, port, localAddress, allowHalfOpen: true, noDelay: true });
    const refused = (error: NodeJS.ErrnoException) => {
      // So many connections in TIME_WAIT that the caller's alias has no port left: better from nowhere than not at all.
      if (localAddress && NO_LOCAL_PORT.has(error.code ?? '')) return this.#connect(undefined);
      this.#link.passOpening('back', () => {
        this.#reply(error.code ?? 'ECONNREFUSED');
        this.#end();
      });
    };
    upstream.once('error', refused);
    upstream.once('connect', () => {
      upstream.off('error', refused);
      this.#watch(upstream);
      this.#link.passOpening('back', () => this.#reply(null));
    });
    this.#upstream = upstream;
  }

  #watch(socket: Socket): void {
    this.#openSockets++;
    socket.on('error', () => this.reset());
    socket.once('close', () => {
      if (--this.#openSockets === 0) this.#end();
    });
  }

  #giveUp(): void {
    this.#upstream?.destroy();
    this.#reply('ETIMEDOUT');
    this.#end();
  }

  #reply(error: string | null): void {
    clearTimeout(this.#givenUp);
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(error);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#orphans.delete(this);
    this.#link.end();
    this.#onOver();
  }
}
