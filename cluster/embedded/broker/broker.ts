import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { DatabaseSync } from 'node:sqlite';
import type { Credentials } from './connection/handshake.ts';
import { freeMB } from '../../disk-space.ts';
import { Connection } from './connection/connection.ts';
import { limits } from './limits.ts';
import { ReplyError } from './protocol/reply-error.ts';
import { openDatabase } from './store/database.ts';
import { DefinitionStore } from './store/definitions.ts';
import { MessageStore } from './store/message-store.ts';
import { VirtualHost } from './virtual-host.ts';

export interface BrokerOptions {
  /** Folder of its own for what is durable; made where it is missing. */
  data: string;
  /** AMQP; 0 takes any that is free. */
  port: number;
  /** Address to listen at; all without it. */
  listenAt?: string | undefined;
  credentials: Credentials;
  virtualHost: string;
  /** Free space on the disk of a folder, in MB; measured without it. */
  freeDisk?: (folder: string) => number;
}

/** A broker that takes connections. */
export class Broker {
  readonly host: VirtualHost;
  readonly credentials: Credentials;
  readonly connections = new Set<Connection>();
  readonly unfinished = { bytes: 0 };
  alarm: string | null = null;
  readonly #database: DatabaseSync;
  readonly #server = createServer((socket) => {
    if (this.connections.size >= limits.connections) return void socket.destroy();
    this.connections.add(new Connection(socket, this));
  });

  readonly #watch: NodeJS.Timeout;

  private constructor({ data, credentials, virtualHost, freeDisk = freeMB }: BrokerOptions) {
    this.credentials = credentials;
    this.#database = openDatabase(data);
    this.host = new VirtualHost(virtualHost, new DefinitionStore(this.#database), new MessageStore(this.#database));
    this.#watch = setInterval(() => this.#checkDisk(freeDisk(data)), limits.diskCheckMs).unref();
  }

  /** Rejects when the folder is in use, or the port. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const broker = new Broker(options);
    broker.#server.listen(options.port, options.listenAt);
    await once(broker.#server, 'listening');
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Of all connections. */
  get channels(): number {
    return [...this.connections].reduce((sum, { channels }) => sum + channels.size, 0);
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
  }

  /** Asks its clients to go, and leaves everything durable on the disk. */
  async stop(): Promise<void> {
    clearInterval(this.#watch);
    this.#server.close();
    const gone = once(this.#server, 'close');
    for (const connection of this.connections) {
      connection.close(new ReplyError('CONNECTION_FORCED', "broker forced connection closure with reason 'shutdown'"));
    }
    await gone;
    this.host.close();
    this.#database.close();
  }

  /** Publishers wait while what they publish could not be kept. */
  #checkDisk(free: number): void {
    const { failure } = this.host.messages;
    const full = free < limits.freeDiskMB ? `${free} MB of disk are free` : null;
    this.alarm = full ?? (failure ? `writing to the disk fails: ${failure.message}` : null);
    if (this.alarm === null) for (const connection of this.connections) connection.unblock();
  }
}
