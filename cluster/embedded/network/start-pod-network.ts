import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { HOST_IP, PodAddresses, sourceAlias } from './addresses.ts';
import { attachmentOf } from './attachment.ts';
import { DataPlaneProcess } from './data-plane-process.ts';
import { makeNetworkDirectory, removeNetworkDirectory } from './directory.ts';
import { PodConnectError, UnknownPodError, type DataPlaneDiedError } from './errors.ts';
import { FreePorts } from './free-ports.ts';
import type { PodRecord } from './messages.ts';
import { removeClaims } from './port-claims.ts';
import type {
  FaultCounts,
  FaultRule,
  PodAttachment,
  PodIdentity,
  PodNetwork,
  PodPolicy,
  ServiceRoute,
} from './pod-network.ts';

export interface PodNetworkOptions {
  /** BREAKWATER_HOME: the compile cache of the data plane goes below it. */
  home: string;
  /** The data plane died; it is being started again. */
  onExit?: (error: DataPlaneDiedError) => void;
}

/** Starts the pod network; resolves once pods can connect. */
export async function startPodNetwork(options: PodNetworkOptions): Promise<UserSpacePodNetwork> {
  const network = new UserSpacePodNetwork(options);
  await network.ready();
  return network;
}

/** The cluster process's side: it holds the tables, the data plane acts on them. */
export class UserSpacePodNetwork implements PodNetwork {
  readonly #directory: string;
  readonly #addresses = new PodAddresses();
  readonly #freePorts = new FreePorts();
  readonly #countListeners = new Set<(counts: Record<string, FaultCounts>, counter: string) => void>();
  readonly #portListeners = new Set<(errors: Record<number, string>) => void>();
  readonly #pods = new Map<string, PodRecord>();
  #services: ServiceRoute[] = [];
  #policies: PodPolicy[] = [];
  /** With the end of each lease, by performance.now(): a data plane that is started anew gets what is left by then. */
  #faults: { rule: FaultRule; endsAt: number }[] = [];
  readonly #dataPlane: DataPlaneProcess;

  constructor({ home, onExit }: PodNetworkOptions) {
    this.#directory = makeNetworkDirectory();
    this.#dataPlane = new DataPlaneProcess({
      directory: this.#directory,
      cacheDirectory: join(home, 'cache', 'data-plane'),
      state: () => ({
        pods: [...this.#pods.values()],
        services: this.#services,
        policies: this.#policies,
        faults: this.#rules(),
      }),
      onCounts: (counts, pid) => {
        for (const listener of this.#countListeners) listener(counts, `data-plane ${pid}`);
      },
      onMachinePortErrors: (errors) => {
        for (const listener of this.#portListeners) listener(errors);
      },
      onExit: (error) => {
        // The next one tells its own.
        for (const listener of this.#portListeners) listener({});
        onExit?.(error);
      },
    });
  }

  /** Process id of the data plane that runs now. */
  get dataPlanePid(): number | undefined {
    return this.#dataPlane.pid;
  }

  async ready(): Promise<void> {
    await this.#dataPlane.update();
  }

  async attach(identity: PodIdentity): Promise<PodAttachment> {
    let pod = this.#pods.get(identity.uid);
    if (!pod) {
      const { uid, name, namespace, hostname, nodeName } = identity;
      const token = randomBytes(16).toString('hex');
      pod = { uid, name, namespace, hostname, nodeName, ip: this.#addresses.take(nodeName), token, published: [] };
      this.#pods.set(uid, pod);
    }
    await this.#dataPlane.update();
    return attachmentOf(pod, this.#directory);
  }

  async detach(uid: string): Promise<void> {
    const pod = this.#pods.get(uid);
    if (!pod) return;
    this.#pods.delete(uid);
    await this.#dataPlane.update();
    removeClaims(this.#directory, pod.ip);
    this.#addresses.release(pod.ip);
  }

  async publish(uid: string, podPort: number, realPort: number): Promise<void> {
    const pod = this.#pods.get(uid);
    if (!pod) throw new UnknownPodError(uid);
    pod.published = [...pod.published.filter(([port]) => port !== podPort), [podPort, realPort]];
    await this.#dataPlane.update();
  }

  freePort(): Promise<number> {
    return this.#freePorts.take();
  }

  async dial(uid: string, port: number, { loopback = false } = {}): Promise<Socket> {
    const where = `pod ${this.#pods.get(uid)?.name ?? uid} port ${port}`;
    if (!this.#pods.has(uid)) throw new PodConnectError('EHOSTUNREACH', where, new UnknownPodError(uid));
    const { realPort } = await this.#dataPlane.ask({ type: 'port', uid, port, loopback });
    if (realPort === undefined) throw new PodConnectError('ECONNREFUSED', where);
    const isPublished = this.#pods.get(uid)?.published.some(([podPort]) => podPort === port);
    const localAddress = isPublished ? undefined : sourceAlias(HOST_IP);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: realPort, localAddress, allowHalfOpen: true, noDelay: true });
      const refused = (error: NodeJS.ErrnoException) => {
        reject(new PodConnectError(error.code ?? 'ECONNREFUSED', where, error));
      };
      socket.once('error', refused);
      socket.once('connect', () => {
        socket.off('error', refused);
        resolve(socket);
      });
    });
  }

  setServices(services: ServiceRoute[]): void {
    this.#services = services;
    this.#dataPlane.announce();
  }

  setPolicies(policies: PodPolicy[]): void {
    this.#policies = policies;
    this.#dataPlane.announce();
  }

  async setFaults(rules: FaultRule[]): Promise<void> {
    const now = performance.now();
    this.#faults = rules.map((rule) => {
      const endsAt = this.#faults.find((known) => known.rule.id === rule.id)?.endsAt ?? now + rule.remainingMs;
      return { rule, endsAt };
    });
    await this.#dataPlane.update();
  }

  async actingFaults(): Promise<string[]> {
    return (await this.#dataPlane.ask({ type: 'acting' })).acting ?? [];
  }

  onFaultCounts(listener: (counts: Record<string, FaultCounts>, counter: string) => void): () => void {
    this.#countListeners.add(listener);
    return () => this.#countListeners.delete(listener);
  }

  onMachinePortErrors(listener: (errors: Record<number, string>) => void): () => void {
    this.#portListeners.add(listener);
    return () => this.#portListeners.delete(listener);
  }

  #rules(): FaultRule[] {
    const now = performance.now();
    return this.#faults.map(({ rule, endsAt }) => ({ ...rule, remainingMs: Math.max(0, endsAt - now) }));
  }

  async close(): Promise<void> {
    await this.#dataPlane.close();
    // A data plane that was killed has not taken it along.
    removeNetworkDirectory(this.#directory);
  }
}
