import type { Duplex } from 'node:stream';
import { apply, prune, type ApplyResult, type Manifest } from './apply.ts';
import { isNotFound } from './errors.ts';
import { PodHttp, type PodRequest, type PodResponse } from './http-over-port.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { portForward } from './port-forward.ts';
import { ReadModel } from './read-model.ts';
import { Requests, type PatchType } from './requests.ts';
import { Resources, type ObjectReference } from './resources.ts';
import { rollout, type Rollout } from './rollout.ts';

/** What this cluster can do; nothing above asks which cluster it is. */
export interface Capabilities {
  /** Address at which pods reach the machine the lab runs on; null where the nodes do not say. */
  hostIp: string | null;
  networkFaults: boolean;
}

interface ClusterEvents {
  /** It is there now; or it is not, told again with the cause of each failed try. */
  connection: (connected: boolean, cause?: unknown) => void;
  change: () => void;
}

const hostIpAnnotation = 'breakwater.dev/host-ip';
export const networkFaultVersion = 'faults.breakwater.dev/v1alpha1';

/** The door to Kubernetes. Made with `connect`; everything throws ClusterError. */
export class Cluster {
  readonly namespace: string;
  /** Name of the kubeconfig's context. */
  readonly name: string;
  readonly view: ReadModel;
  readonly #requests: Requests;
  readonly #resources: Resources;
  readonly #pods = new Map<string, PodHttp>();
  readonly #listeners: { [K in keyof ClusterEvents]: Set<ClusterEvents[K]> } = {
    connection: new Set(),
    change: new Set(),
  };

  constructor(requests: Requests, namespace: string) {
    this.namespace = namespace;
    this.name = requests.access.context;
    this.#requests = requests;
    this.#resources = new Resources(requests);
    this.view = new ReadModel(
      requests,
      this.#resources,
      namespace,
      (connected, cause) => {
        if (!connected) this.#resources.forget();
        for (const listener of this.#listeners.connection) listener(connected, cause);
      },
      () => {
        this.#forgetGonePods();
        for (const listener of this.#listeners.change) listener();
      },
    );
  }

  /** Reads the kubeconfig; the API server itself need not be up yet. */
  static async connect(kubeconfig: string, namespace: string): Promise<Cluster> {
    return new Cluster(new Requests(await readKubeconfig(kubeconfig)), namespace);
  }

  on<K extends keyof ClusterEvents>(event: K, listener: ClusterEvents[K]): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  start(): void {
    this.view.start();
  }

  close(): void {
    this.view.stop();
    for (const pod of this.#pods.values()) pod.close();
    this.#requests.close();
  }

  async capabilities(): Promise<Capabilities> {
    const nodes = await this.list<ObjectReference & { metadata: { annotations?: Record<string, string> } }>(
      'v1',
      'Node',
    );
    const hostIps = nodes.map(({ metadata }) => metadata.annotations?.[hostIpAnnotation]);
    return {
      hostIp: hostIps.find((ip) => ip !== undefined) ?? null,
      networkFaults: await this.#resources.serves(networkFaultVersion, 'NetworkFault'),
    };
  }

  /** Null when there is no such object. */
  async get<T extends ObjectReference>(apiVersion: string, kind: string, name: string): Promise<T | null> {
    try {
      return await this.#requests.json<T>('GET', await this.#path(apiVersion, kind, name));
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async list<T extends ObjectReference>(apiVersion: string, kind: string, labelSelector?: string): Promise<T[]> {
    const list = await this.#requests.json<{ items: T[] }>('GET', await this.#path(apiVersion, kind), {
      query: { labelSelector },
    });
    return list.items;
  }

  async create<T extends ObjectReference>(object: T): Promise<T> {
    return this.#requests.json<T>('POST', await this.#path(object.apiVersion, object.kind), { body: object });
  }

  async patch(target: ObjectReference, body: object, patch: PatchType = 'merge'): Promise<void> {
    const path = await this.#path(target.apiVersion, target.kind, target.metadata.name);
    await this.#requests.json('PATCH', path, { body, patch });
  }

  /** False when there was nothing to delete. */
  async delete(apiVersion: string, kind: string, name: string, gracePeriodSeconds?: number): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds };
    try {
      await this.#requests.json('DELETE', await this.#path(apiVersion, kind, name), { body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  apply(manifests: Manifest[]): Promise<ApplyResult> {
    return apply(this.#requests, this.#resources, manifests);
  }

  prune(manifests: Manifest[]): Promise<string[]> {
    return prune(this.#requests, this.#resources, manifests, this.namespace);
  }

  /** How far each Deployment's rollout is, from the read model. */
  rollouts(): Rollout[] {
    const pods = this.view.pods.list();
    return this.view.deployments.list().map((deployment) => rollout(deployment, pods));
  }

  portForward(pod: string, port: number): Promise<Duplex> {
    return portForward(this.#requests, this.namespace, pod, port);
  }

  http(pod: string, port: number, request: PodRequest): Promise<PodResponse> {
    const place = `${pod}:${port}`;
    let client = this.#pods.get(place);
    if (!client) {
      client = new PodHttp(place, () => this.portForward(pod, port));
      this.#pods.set(place, client);
    }
    return client.request(request);
  }

  #path(apiVersion: string, kind: string, name?: string): Promise<string> {
    return this.#resources.path(apiVersion, kind, this.namespace, name);
  }

  #forgetGonePods(): void {
    for (const [place, client] of this.#pods) {
      if (this.view.pods.get(place.slice(0, place.lastIndexOf(':')))) continue;
      client.close();
      this.#pods.delete(place);
    }
  }
}
