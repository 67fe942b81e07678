import type { Duplex } from 'node:stream';
import { applyObject, stages, type Applied, type Manifest } from './apply.ts';
import { isNotFound } from './errors.ts';
import { PodHttp, type PodRequest, type PodResponse } from './http-over-port.ts';
import { Informer, type InformerEvents } from './informer.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { portForward } from './port-forward.ts';
import { ReadModel } from './read-model.ts';
import { Requests, type PatchType } from './requests.ts';
import { Resources, type ObjectReference } from './resources.ts';
import { ScopedInformer, type Watched } from './scoped-informer.ts';
import { rollout, type Rollout } from './rollout.ts';

/** What this cluster can do; nothing above asks which cluster it is. */
export interface Capabilities {
  /** Address at which pods reach the machine the lab runs on; null where the nodes do not say. */
  hostIp: string | null;
}

/** Which objects of a kind. */
interface Selection {
  labelSelector?: string;
  namespace?: string;
}

export interface ApplyOptions {
  /** Whose the fields are from then on. */
  fieldManager: string;
  force?: boolean;
  dryRun?: boolean;
  signal?: AbortSignal;
}

interface DeleteOptions {
  namespace?: string;
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

interface ClusterEvents {
  /** It is there now; or it is not, told again with the cause of each failed try. */
  connection: (connected: boolean, cause?: unknown) => void;
  change: () => void;
}

const hostIpAnnotation = 'breakwater.dev/host-ip';

/** The door to Kubernetes. Made with `connect`; everything throws ClusterError. */
export class Cluster {
  readonly namespace: string;
  /** Name of the kubeconfig's context. */
  readonly name: string;
  readonly view: ReadModel;
  readonly #requests: Requests;
  readonly #resources: Resources;
  readonly #pods = new Map<string, { pod: string; namespace: string; client: PodHttp }>();
  readonly #watches = new Set<() => void>();
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

  /** Reads the kubeconfigs, several as kubectl merges them; the API server itself need not be up yet. */
  static async connect(kubeconfigs: readonly string[], namespace: string): Promise<Cluster> {
    return new Cluster(new Requests(await readKubeconfig(kubeconfigs)), namespace);
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
    for (const stop of this.#watches) stop();
    for (const { client } of this.#pods.values()) client.close();
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
    };
  }

  /** The lab's own namespace first, then the others of its scope: those labelled `breakwater.dev/scope=<namespace>`. */
  get namespaces(): string[] {
    return this.view.namespaces;
  }

  /** Null when there is no such object. Without a namespace: in the lab's own, if its kind has one. */
  async get<T extends ObjectReference>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<T | null> {
    try {
      return await this.#requests.json<T>('GET', await this.#path(apiVersion, kind, namespace, name));
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  /** Without a namespace: in all of the scope. */
  async list<T extends ObjectReference>(
    apiVersion: string,
    kind: string,
    { labelSelector, namespace }: Selection = {},
  ): Promise<T[]> {
    const namespaced = await this.#resources.namespaced(apiVersion, kind);
    const places = namespaced && namespace === undefined ? this.namespaces : [namespace];
    const lists = await Promise.all(
      places.map(async (place) => {
        const path = await this.#path(apiVersion, kind, place);
        return this.#requests.json<{ items: T[] }>('GET', path, { query: { labelSelector } });
      }),
    );
    // The items of a list do not say what they are.
    return lists.flatMap(({ items }) => items).map((item) => ({ ...item, apiVersion, kind }));
  }

  async create<T extends ObjectReference>(object: T): Promise<T> {
    const path = await this.#path(object.apiVersion, object.kind, object.metadata.namespace);
    return this.#requests.json<T>('POST', path, { body: object });
  }

  async patch(target: ObjectReference, body: object, patch: PatchType = 'merge'): Promise<void> {
    await this.#requests.json('PATCH', await this.#pathOf(target), { body, patch });
  }

  /**
   * Server-side apply: the fields of `object` become ours, and those of ours that it has no more go. Returns what the object is
   * then. Throws ClusterError with status 409 where a field is another's; `force` takes it over. With `dryRun` nothing is changed.
   */
  async apply<T extends ObjectReference>(object: T, options: ApplyOptions): Promise<T> {
    const query = {
      fieldManager: options.fieldManager,
      force: options.force ? 'true' : undefined,
      dryRun: options.dryRun ? 'All' : undefined,
    };
    const input = { body: object, patch: 'apply', query, ...(options.signal && { signal: options.signal }) } as const;
    return this.#requests.json<T>('PATCH', await this.#pathOf(object), input);
  }

  /** False when there was nothing to delete. */
  async delete(
    apiVersion: string,
    kind: string,
    name: string,
    { namespace, ...options }: DeleteOptions = {},
  ): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    try {
      await this.#requests.json('DELETE', await this.#path(apiVersion, kind, namespace, name), { body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /**
   * Keeps the objects of a kind current, in all namespaces of the scope (or `clusterWide`, for kinds that live in none),
   * across lost connections, until it is stopped or the client closed.
   */
  watch<T extends ObjectReference>(
    apiVersion: string,
    kind: string,
    events: InformerEvents,
    { labelSelector, clusterWide = false }: { labelSelector?: string; clusterWide?: boolean } = {},
  ): Watched<T> {
    const informer = (namespace?: string) => {
      const path = () => this.#resources.path(apiVersion, kind, namespace);
      return new Informer<T>(this.#requests, path, events, labelSelector);
    };
    const watched = new ScopedInformer<T>((namespace) => informer(clusterWide ? undefined : namespace));
    if (clusterWide) watched.follow(['']);
    const unfollow = clusterWide ? () => undefined : this.view.followScope(watched);
    const stop = () => {
      unfollow();
      watched.stop();
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    return {
      list: () => watched.list(),
      get: (name, namespace) => watched.get(name, clusterWide ? undefined : namespace),
      stop,
    };
  }

  /** Brings each object to what its manifest says, kind after kind; in the order of the manifests. Throws ClusterError. */
  async applyAll(manifests: Manifest[]): Promise<Applied[]> {
    const applied = new Map<Manifest, Applied>();
    for (const stage of stages(manifests)) {
      const outcomes = await Promise.all(stage.map((manifest) => applyObject(this, manifest)));
      for (const [index, outcome] of outcomes.entries()) applied.set(stage[index]!, outcome);
    }
    return manifests.map((manifest) => applied.get(manifest)!);
  }

  /** How far each Deployment's rollout is, from the read model. */
  rollouts(): Rollout[] {
    const pods = this.view.pods.list();
    return this.view.deployments.list().map((deployment) => rollout(deployment, pods));
  }

  /** Without a namespace: to the pod of this name in the scope. */
  portForward(pod: string, port: number, namespace = this.#namespaceOf(pod)): Promise<Duplex> {
    return portForward(this.#requests, namespace, pod, port);
  }

  /** Without a namespace: of the pod of this name in the scope. */
  http(pod: string, port: number, request: PodRequest, namespace = this.#namespaceOf(pod)): Promise<PodResponse> {
    const place = `${namespace}/${pod}:${port}`;
    let known = this.#pods.get(place);
    if (!known) {
      known = { pod, namespace, client: new PodHttp(`${pod}:${port}`, () => this.portForward(pod, port, namespace)) };
      this.#pods.set(place, known);
    }
    return known.client.request(request);
  }

  #namespaceOf(pod: string): string {
    return this.view.pods.get(pod)?.metadata.namespace ?? this.namespace;
  }

  #path(apiVersion: string, kind: string, namespace = this.namespace, name?: string): Promise<string> {
    return this.#resources.path(apiVersion, kind, namespace, name);
  }

  #pathOf({ apiVersion, kind, metadata }: ObjectReference): Promise<string> {
    return this.#path(apiVersion, kind, metadata.namespace, metadata.name);
  }

  #forgetGonePods(): void {
    for (const [place, { pod, namespace, client }] of this.#pods) {
      if (this.view.pods.get(pod, namespace)) continue;
      client.close();
      this.#pods.delete(place);
    }
  }
}
