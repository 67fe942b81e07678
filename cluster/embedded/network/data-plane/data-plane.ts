import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CONTROL_SOCKET } from '../directory.ts';
import type { ClusterRequest, CountsMessage, MachinePortsMessage, NetworkState } from '../messages.ts';
import { BusyPoll } from './busy-poll.ts';
import { ClusterDns } from './cluster-dns.ts';
import { Connection, type Carriage, type Route } from './connection.ts';
import { EdgePort } from './edge-port.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { MachinePorts } from './machine-ports.ts';
import { Orphans } from './orphans.ts';
import { PodProcess } from './pod-process.ts';
import { PodTable } from './pod-table.ts';
import { ReturningPods } from './returning-pods.ts';
import { isRefused, Routing } from './routing.ts';

/** Everything the process holds, and the one way to change it: `apply` the whole state. */
export class DataPlane {
  readonly #directory: string;
  readonly #returning: ReturningPods;
  readonly #pods = new PodTable();
  readonly #dns = new ClusterDns(this.#pods);
  readonly #routing = new Routing(this.#pods);
  readonly #edge = new EdgePort();
  readonly #connections = new Set<Connection>();
  readonly #faults: FaultsInForce;
  readonly #carriage: Carriage;
  readonly #machinePorts: MachinePorts;
  #control: Promise<Server> | undefined;

  /** @param tell the cluster process, as it changes: what each fault has done, which ports could not be had */
  constructor(directory: string, returnMs: number, tell: (message: CountsMessage | MachinePortsMessage) => void) {
    this.#directory = directory;
    const onChange = () => {
      for (const connection of this.#connections) connection.reviewFaults();
    };
    this.#faults = new FaultsInForce({ onChange, onCounts: (counts) => tell({ counts }) });
    this.#carriage = { faults: this.#faults, busy: new BusyPoll(), orphans: new Orphans() };
    this.#machinePorts = new MachinePorts({
      onConnection: (port, socket) => this.#fromMachine(port, socket),
      onErrors: (machinePortErrors) => tell({ machinePortErrors }),
    });
    this.#returning = new ReturningPods(returnMs);
  }

  /** Resolves once it holds; the first time also once pods can connect. */
  async apply({ pods, services, policies, faults }: NetworkState): Promise<void> {
    for (const gone of this.#pods.set(pods)) {
      for (const process of gone.processes) process.hangUp();
      for (const connection of this.#connections) {
        const { source, destination } = connection.route;
        if (source.uid === gone.record.uid || destination?.uid === gone.record.uid) connection.reset();
      }
    }
    this.#dns.setServices(services);
    this.#routing.setServices(services);
    this.#routing.setPolicies(policies);
    this.#machinePorts.set(this.#routing.machinePorts());
    this.#faults.set(faults);
    // Not before the first state is in place: until then no token is known, and every pod would be turned away.
    this.#control ??= this.#open();
    await this.#control;
  }

  realPort({ uid, port, loopback }: Extract<ClusterRequest, { type: 'port' }>): Promise<number | undefined> {
    const find = () => this.#pods.byUid(uid)?.realPort(port, { loopback });
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
        dns: this.#dns,
        routing: this.#routing,
        edge: this.#edge,
        returning: this.#returning,
        faults: this.#faults,
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

  #fromMachine(port: number, socket: Socket): void {
    // Until somebody carries it: a caller that breaks off is nobody's trouble.
    socket.on('error', () => undefined);
    const find = () => this.#routing.fromMachine(port);
    this.#returning.wait(find, isRefused, (found) => {
      if (found === 'dropped') return;
      if ('reply' in found) return socket.resetAndDestroy();
      const connection = this.#newConnection(found.route);
      connection.open((error) => {
        if (error === null && !socket.destroyed) connection.join(socket);
        else {
          socket.resetAndDestroy();
          connection.reset();
        }
      });
    });
  }

  #newConnection(route: Route): Connection {
    const connection = new Connection(route, this.#carriage, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    return connection;
  }
}
