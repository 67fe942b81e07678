import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openClusterState } from '../../../cluster/embedded/apiserver/cluster-state.ts';
import { startFaultController } from '../../../cluster/embedded/controllers/faults/start.ts';
import type { KindName, KubeObject } from '../../../cluster/embedded/kinds/types.ts';
import type { PodNetwork } from '../../../cluster/embedded/network/pod-network.ts';
import { until } from '../../../cluster/embedded/testing/until.ts';
import { ClusterError } from '../../../cluster/client/errors.ts';
import type { Surroundings } from '../../../cluster/faults/drivers/driver.ts';
import { drivers } from '../../../cluster/faults/drivers/index.ts';
import { faultCarriers } from '../../../cluster/faults/targets.ts';
import { serviceLog } from '../../../cluster/shop/service/log.ts';
import { ownFaultRoutes } from '../../../cluster/shop/service/own-fault-routes.ts';
import { OwnFaults } from '../../../cluster/shop/service/own-faults.ts';
import { newRoutes } from '../../../cluster/shop/service/routes.ts';
import { bankFault, Behaviour, type BankFault } from '../../../cluster/shop/services/bank/behaviour.ts';
import type { FaultsCluster } from '../faults.ts';

/**
 * A cluster that has nothing but faults: the API's own rules, the real controller, and pods of the bank that take their faults
 * over real sockets. Without HTTP in between, and without a data plane.
 */
export class FaultCluster {
  readonly api = openClusterState().api;
  /** How the bank takes its calls. */
  readonly bankFaults = new OwnFaults<BankFault>();
  readonly bank = new Behaviour({ latencyMs: [0, 0], failurePercent: 0 }, this.bankFaults);
  readonly cluster: FaultsCluster;
  /** What its nodes say that it has to carry out faults. */
  carriers = Object.keys(drivers);
  /** Calls wait for it, as for an API server that does not answer. */
  away: Promise<never> | null = null;
  /** How long after the others the news of faults come, in ms: each kind is watched over a connection of its own. */
  faultNewsMs = 0;
  readonly #sockets = new Set<Socket>();
  readonly #servers: Server[] = [];
  /** The admin port behind each pod, by uid. */
  readonly #ports = new Map<string, number>();
  #controller: ReturnType<typeof startFaultController>;
  readonly #connection = new Set<(connected: boolean) => void>();

  private constructor() {
    this.#controller = this.#startController();
    this.cluster = this.#client();
  }

  static async open(): Promise<FaultCluster> {
    const world = new FaultCluster();
    await world.api.create('Namespace', { metadata: { name: 'shop' } });
    const labels = { app: 'bank' };
    const annotations = { 'breakwater.dev/carries-faults': 'admin' };
    const ports = [{ name: 'admin', containerPort: 9000 }];
    const spec = { containers: [{ name: 'service', image: 'bank', ports }] };
    const template = { metadata: { labels, annotations }, spec };
    await world.api.create('Deployment', {
      metadata: { name: 'bank', namespace: 'shop' },
      spec: { selector: { matchLabels: labels }, template },
    });
    await world.bankPod('bank-1');
    return world;
  }

  /** A pod of the bank on a node; a frozen one takes connections, as the kernel does for a stopped process, and says nothing. */
  async bankPod(name: string, { frozen = false, nodeName = 'node-1' } = {}): Promise<void> {
    const { template } = (await this.api.get('Deployment', 'bank', 'shop')).spec!;
    const metadata = { ...template.metadata, name, namespace: 'shop' };
    const pod = await this.api.create('Pod', { metadata, spec: { ...template.spec!, nodeName } });
    const log = serviceLog('bank');
    const routes = newRoutes(log);
    ownFaultRoutes(this.bankFaults, bankFault)(routes);
    const server = frozen ? createServer() : (createAdaptorServer({ fetch: routes.fetch }) as Server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('connection', (socket) => this.#sockets.add(socket));
    this.#servers.push(server);
    this.#ports.set(pod.metadata.uid!, (server.address() as AddressInfo).port);
    await until('it is seen', () => this.cluster.view.pods.list().some((seen) => seen.metadata.name === name));
  }

  /** The cluster's process dies, and another one starts with what was stored. */
  async restartController(): Promise<void> {
    await this.#controller.close();
    this.#controller = this.#startController();
  }

  /** The API answers again. */
  reconnect(): void {
    this.away = null;
    for (const listener of this.#connection) listener(true);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    await this.#controller.close();
  }

  #startController() {
    const network = {
      setFaults: async () => undefined,
      actingFaults: async () => [],
      onFaultCounts: () => () => undefined,
      dial: async (uid: string) => {
        const socket = connect(this.#ports.get(uid)!, '127.0.0.1');
        this.#sockets.add(socket);
        await once(socket, 'connect');
        return socket;
      },
    } as unknown as PodNetwork;
    const processes = { onReading: () => undefined, acting: async () => [] } as unknown as Surroundings['processes'];
    const nodes = { on: async () => undefined, off: async () => undefined };
    return startFaultController({ api: this.api, network, processes, nodes });
  }

  #client(): FaultsCluster {
    const { api } = this;
    const asked = async <T>(call: () => Promise<T>): Promise<T> => {
      await this.away;
      try {
        return await call();
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        throw new ClusterError('cluster-refused', message, { status: code === 'NotFound' ? 404 : 422 });
      }
    };
    const deployments = new Map<string, KubeObject>();
    const pods = new Map<string, KubeObject>();
    const services = new Map<string, KubeObject>();
    for (const [kind, objects] of [
      ['Deployment', deployments],
      ['Pod', pods],
      ['Service', services],
    ] as const) {
      api.watch(kind, {}, ({ type, object }) => {
        if (type === 'DELETED') objects.delete(object.metadata.name);
        else objects.set(object.metadata.name, object);
      });
    }
    return {
      namespace: 'shop',
      view: {
        deployments: { list: () => [...deployments.values()] },
        pods: { list: () => [...pods.values()] },
        services: { list: () => [...services.values()] },
        nodes: {
          list: () => [{ metadata: { name: 'node-1', annotations: { [faultCarriers]: this.carriers.join(',') } } }],
        },
      },
      create: (object: KubeObject) => asked(() => api.create(object.kind as 'Fault', object as never)),
      patch: ({ kind, metadata }: KubeObject, body: object) =>
        asked(() => api.patch(kind as 'Fault', metadata.name, 'shop', body)),
      delete: (_apiVersion: string, kind: KindName, name: string) =>
        asked(() => api.delete(kind, name, 'shop')).then(
          () => true,
          (error: ClusterError) => {
            if (error.status === 404) return false;
            throw error;
          },
        ),
      watch: (_apiVersion: string, kind: KindName, { changed }: { changed: () => void }) => {
        const objects = new Map<string, KubeObject>();
        const take = ({ type, object }: { type: string; object: KubeObject }) => {
          if (type === 'DELETED') objects.delete(object.metadata.name);
          else objects.set(object.metadata.name, object);
          changed();
        };
        const stop = api.watch(kind, {}, (event) => {
          if (kind === 'Fault' && this.faultNewsMs > 0) setTimeout(() => take(event), this.faultNewsMs);
          else take(event);
        });
        return { stop, list: () => [...objects.values()] };
      },
      on: (_event: string, listener: (connected: boolean) => void) => {
        this.#connection.add(listener);
        return () => this.#connection.delete(listener);
      },
    } as unknown as FaultsCluster;
  }
}
