import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CONTROL_SOCKET } from '../directory.ts';
import type { NetworkState } from '../messages.ts';
import type { FaultCounts } from '../pod-network.ts';
import { Connection, type Route } from './connection.ts';
import { EdgePort } from './edge-port.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { PodProcess } from './pod-process.ts';
import { PodTable } from './pod-table.ts';
import { ReturningPods } from './returning-pods.ts';
import { Routing } from './routing.ts';

/** Everything the process holds, and the one way to change it: `apply` the whole state. */
export class DataPlane {
  readonly #directory: string;
  readonly #returning: ReturningPods;
  readonly #pods = new PodTable();
  readonly #routing = new Routing(this.#pods);
  readonly #edge = new EdgePort();
  readonly #connections = new Set<Connection>();
  readonly #faults: FaultsInForce;
  #control: Promise<Server> | undefined;

  /** @param onCounts told what each fault has done, as that changes */
  constructor(directory: string, returnMs: number, onCounts: (counts: Record<string, FaultCounts>) => void) {
    this.#directory = directory;
    const onChange = () => {
      for (const connection of this.#connections) connection.reviewFaults();
    };
    this.#faults = new FaultsInForce({ onChange, onCounts });
    this.#returning = new ReturningPods(returnMs);
  }

  /** Resolves once it holds; the first time also once pods can connect. */
  async apply({ pods, services, faults }: NetworkState): Promise<void> {
    for (const gone of this.#pods.set(pods)) {
      for (const process of gone.processes) process.hangUp();
      for (const connection of this.#connections) {
        const { source, destinationUid } = connection.route;
        if (source.uid === gone.record.uid || destinationUid === gone.record.uid) connection.reset();
      }
    }
    this.#routing.setServices(services);
    this.#faults.set(faults);
    // Not before the first state is in place: until then no token is known, and every pod would be turned away.
    this.#control ??= this.#open();
    await this.#control;
  }

  realPort(uid: string, port: number): Promise<number | undefined> {
    const find = () => this.#pods.byUid(uid)?.realPort(port, { loopback: true });
    return new Promise((resolve) => this.#returning.wait(find, (found) => found === undefined, resolve));
  }

  actingFaults(): string[] {
    return this.#faults.acting();
  }

  async #open(): Promise<Server> {
    await this.#edge.listen();
    const path = join(this.#directory, CONTROL_SOCKET);
    // What a data plane that was killed left behind.
    rmSync(path, { force: true });
    const server = createServer((socket) => {
      new PodProcess(socket, {
        directory: this.#directory,
        pods: this.#pods,
        routing: this.#routing,
        edge: this.#edge,
        returning: this.#returning,
        newConnection: (route) => this.#newConnection(route),
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path, backlog: 4096 }, resolve);
    });
    // Containers may run as another user; who may speak is decided by the token.
    chmodSync(path, 0o666);
    return server;
  }

  #newConnection(route: Route): Connection {
    const connection = new Connection(route, this.#faults, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    return connection;
  }
}
