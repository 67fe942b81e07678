import { connect, type Socket } from 'node:net';
import { Link } from '../../../network-faults/link.ts';
import type { PodRecord } from '../messages.ts';
import type { FaultRule } from '../pod-network.ts';
import type { FaultsInForce } from './faults-in-force.ts';

const NO_LOCAL_PORT = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

export interface Route {
  source: PodRecord;
  /** The pod called, if it is one. */
  destinationUid: string | null;
  /** Every Service this is a call of, as `namespace/name`: what faults are matched by. */
  services: string[];
  realPort: number;
  /** Where the upstream connection comes from, so that the callee sees its caller. */
  localAddress: string | undefined;
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
  readonly #onOver: () => void;
  readonly #link = new Link({
    reset: () => this.reset(),
    bytes: () => this.#markHit(),
    request: () => {
      for (const rule of this.#rules) this.#faults.countDelayed(rule.id);
    },
  });
  #client: Socket | undefined;
  #upstream: Socket | undefined;
  #answer: ((error: string | null) => void) | undefined;
  #rules: FaultRule[] = [];
  #openSockets = 0;
  #over = false;

  constructor(route: Route, faults: FaultsInForce, onOver: () => void) {
    this.route = route;
    this.#faults = faults;
    this.#onOver = onOver;
    this.reviewFaults();
  }

  /** Puts the faults that are in force now on this connection, on what is on its way too. */
  reviewFaults(): void {
    const rules = this.#faults.on(this.route);
    if (rules.length === this.#rules.length && rules.every((rule, i) => rule === this.#rules[i])) return;
    this.#rules = rules;
    this.#link.setFaults(rules.map(({ fault }) => fault));
  }

  /** Connects to the callee; `answer` gets null, or the name of the errno. */
  open(answer: (error: string | null) => void): void {
    this.#answer = answer;
    this.#markHit();
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
    this.#link.carry(client, upstream);
  }

  reset(): void {
    if (this.#over) return;
    this.#client?.resetAndDestroy();
    this.#upstream?.resetAndDestroy();
    this.#reply('ECONNRESET');
    this.#end();
  }

  #connect(localAddress: string | undefined): void {
    const port = this.route.realPort;
    const upstream = connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true, noDelay: true });
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

  #reply(error: string | null): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(error);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#link.empty();
    this.#onOver();
  }

  #markHit(): void {
    for (const { id } of this.#rules) this.#faults.markHit(id, this.route.source.name);
  }
}
