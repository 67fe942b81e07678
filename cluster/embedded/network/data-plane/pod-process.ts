import type { Socket } from 'node:net';
import type { FailedLookup } from '../../../network-faults/stream-fault.ts';
import { readJsonLines, writeJsonLine } from '../json-lines.ts';
import type { DialReply, PodMessage, QueryReply, ResolveReply } from '../messages.ts';
import { removeClaim } from '../port-claims.ts';
import type { ClusterDns } from './cluster-dns.ts';
import type { Connection, Route } from './connection.ts';
import type { EdgePort } from './edge-port.ts';
import type { FaultsInForce } from './faults-in-force.ts';
import type { Pod, PodTable } from './pod-table.ts';
import type { ReturningPods } from './returning-pods.ts';
import { isRefused, type Routing } from './routing.ts';

/** How long a caller may take to come for the connection it has dialled; its event loop may be busy for a while. */
const PATIENCE_MS = 30_000;
/** Where nobody answers, Linux sends its SYN again after 1, 2, 4 ... s, so many times, and then gives up (tcp_syn_retries 6). */
const SYN_TIMES = 7;
/** Who connects says at once who it is; a stopped process has its event loop back by then, or connects again. */
const HELLO_MS = 10_000;

export interface Switchboard {
  directory: string;
  pods: PodTable;
  dns: ClusterDns;
  routing: Routing;
  edge: EdgePort;
  returning: ReturningPods;
  /** What a new connection may take to say who it is. */
  helloMs?: number;
  /** A connection under the faults in force, which is kept track of until it is over. */
  newConnection(route: Route): Connection;
  faults: Pick<FaultsInForce, 'lookup'>;
}

interface Lookup {
  /** It is no name to look for along the search path. */
  asItStands?: boolean;
  answer: () => ResolveReply | QueryReply;
  /** What a fault makes of it. */
  failed: (error: FailedLookup['error']) => ResolveReply | QueryReply;
}

/** One process (or worker thread) of a pod, as its preload speaks to us over the control socket. */
export class PodProcess {
  readonly listeners = new Map<number, { realPort: number; loopback: boolean }>();
  readonly #socket: Socket;
  readonly #board: Switchboard;
  /** Connections that are asked for and not yet fetched, by the id of the dial. */
  readonly #dialled = new Map<number, { connection: Connection; timer?: NodeJS.Timeout }>();
  /** Dials that nobody answers, until the caller gives up or its kernel would. */
  readonly #dropped = new Map<number, NodeJS.Timeout>();
  #pod: Pod | undefined;
  #pid = 0;
  #hello: NodeJS.Timeout;

  constructor(socket: Socket, board: Switchboard) {
    this.#socket = socket;
    this.#board = board;
    this.#hello = setTimeout(() => this.hangUp(), board.helloMs ?? HELLO_MS);
    readJsonLines<PodMessage>(socket, (message) => this.#take(message));
    // A process that was killed leaves its socket in error; 'close' follows, and that is what counts.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#gone());
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  #take(message: PodMessage): void {
    if (message.type === 'hello') {
      clearTimeout(this.#hello);
      this.#pod = this.#board.pods.byToken(message.token);
      this.#pid = message.pid;
      if (this.#pod) this.#pod.processes.add(this);
      else this.hangUp();
      return;
    }
    const pod = this.#pod;
    if (!pod) return this.hangUp();
    switch (message.type) {
      case 'listen':
        this.listeners.set(message.port, message);
        break;
      case 'unlisten':
        this.listeners.delete(message.port);
        break;
      case 'resolve':
        this.#lookUp(message.id, message.name, pod, {
          answer: () => this.#board.dns.resolve(message.name, pod.record),
          failed: (error) => (error === 'EAI_AGAIN' ? { error } : { addresses: [] }),
        });
        break;
      case 'query':
        this.#lookUp(message.id, message.name, pod, {
          asItStands: true,
          answer: () => this.#board.dns.query(message.name, message.record),
          failed: (error) => ({ error: error === 'EAI_AGAIN' ? 'ETIMEOUT' : error }),
        });
        break;
      case 'dial':
        this.#dial(message.id, message.address, message.port, pod);
        break;
      case 'connected':
        this.#fetch(message.id, (connection) => this.#board.edge.admit(message.localPort, connection));
        break;
      case 'abandon':
        this.#forgetDropped(message.id);
        this.#fetch(message.id, (connection) => connection.reset());
        break;
    }
  }

  #lookUp(id: number, name: string, { record }: Pod, { asItStands = false, answer, failed }: Lookup): void {
    const failure = this.#board.faults.lookup(record, () => this.#board.dns.serviceNamed(name, record, { asItStands }));
    if (!failure) return this.#reply(id, answer());
    setTimeout(() => this.#reply(id, failed(failure.error)), failure.afterMs);
  }

  #dial(id: number, address: string, port: number, pod: Pod, tries = 0): void {
    const find = () => this.#board.routing.route(address, port, pod);
    this.#board.returning.wait(find, isRefused, (found) => {
      if (this.#socket.destroyed) return;
      if (found === 'dropped' && tries === SYN_TIMES) this.#reply(id, { error: 'ETIMEDOUT' });
      else if (found === 'dropped') {
        const again = () => {
          this.#dropped.delete(id);
          this.#dial(id, address, port, pod, tries + 1);
        };
        this.#dropped.set(id, setTimeout(again, 1000 * 2 ** tries));
      } else if ('reply' in found) this.#reply(id, found.reply);
      else this.#open(id, found.route);
    });
  }

  #open(id: number, route: Route): void {
    const dialled: { connection: Connection; timer?: NodeJS.Timeout } = {
      connection: this.#board.newConnection(route),
    };
    this.#dialled.set(id, dialled);
    dialled.connection.open((error) => {
      if (error === null) {
        dialled.timer = setTimeout(() => this.#fetch(id, (connection) => connection.reset()), PATIENCE_MS);
        this.#reply(id, { edgePort: this.#board.edge.port });
      } else {
        this.#dialled.delete(id);
        this.#reply(id, { error });
      }
    });
  }

  #forgetDropped(id: number): void {
    clearTimeout(this.#dropped.get(id));
    this.#dropped.delete(id);
  }

  /** What was dialled is handed on, once. */
  #fetch(id: number, use: (connection: Connection) => void): void {
    const dialled = this.#dialled.get(id);
    if (!dialled) return;
    this.#dialled.delete(id);
    clearTimeout(dialled.timer);
    use(dialled.connection);
  }

  #reply(id: number, reply: DialReply | ResolveReply | QueryReply): void {
    writeJsonLine(this.#socket, { id, ...reply });
  }

  #gone(): void {
    clearTimeout(this.#hello);
    const pod = this.#pod;
    if (pod) {
      pod.processes.delete(this);
      for (const port of this.listeners.keys()) removeClaim(this.#board.directory, pod.record.ip, port, this.#pid);
    }
    for (const id of this.#dropped.keys()) this.#forgetDropped(id);
    for (const id of this.#dialled.keys()) this.#fetch(id, (connection) => connection.reset());
  }
}
