import type { Deployment, Event, Namespace, Node, Pod, Service } from '../embedded/kinds/types.ts';
import { Connection } from './connection.ts';
import { Informer, type WatchedObject } from './informer.ts';
import type { Requests } from './requests.ts';
import type { Resources } from './resources.ts';
import { ScopedInformer } from './scoped-informer.ts';

/** Value: the lab's own namespace, to whose scope this one belongs. */
const scopeLabel = 'breakwater.dev/scope';

/** What the cluster is like now, as far as it is known: the namespaces of the scope, and the nodes. */
export class ReadModel {
  readonly pods: ScopedInformer<Pod>;
  readonly deployments: ScopedInformer<Deployment>;
  readonly services: ScopedInformer<Service>;
  readonly events: ScopedInformer<Event>;
  readonly nodes: Informer<Node>;
  readonly #namespaces: Informer<Namespace>;
  readonly #scoped: { follow(namespaces: readonly string[]): void }[] = [];
  readonly #main: string;
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #resources: Resources;
  readonly #onChange: () => void;
  /** Grows with every change, so that readers can tell whether they have seen it. */
  version = 0;

  constructor(
    requests: Requests,
    resources: Resources,
    namespace: string,
    onConnection: (connected: boolean, cause?: unknown) => void,
    onChange: () => void,
  ) {
    this.#main = namespace;
    this.#requests = requests;
    this.#resources = resources;
    this.#onChange = onChange;
    this.#connection = new Connection((connected, cause) => {
      this.version += 1;
      onConnection(connected, cause);
    });
    this.pods = this.#inScope<Pod>('v1', 'Pod');
    this.deployments = this.#inScope<Deployment>('apps/v1', 'Deployment');
    this.services = this.#inScope<Service>('v1', 'Service');
    this.events = this.#inScope<Event>('v1', 'Event');
    this.nodes = this.#informer<Node>('v1', 'Node');
    this.#namespaces = this.#informer<Namespace>('v1', 'Namespace', {
      labelSelector: `${scopeLabel}=${namespace}`,
      changed: () => this.#follow(),
    });
  }

  get connected(): boolean {
    return this.#connection.connected;
  }

  /** The lab's own namespace first, then those that carry the label of its scope. */
  get namespaces(): string[] {
    const labelled = this.#namespaces.list().map(({ metadata }) => metadata.name);
    return [this.#main, ...labelled.filter((name) => name !== this.#main)];
  }

  /** Has `informer` watch the namespaces of the scope, now and as they come and go, until the function returned is called. */
  followScope(informer: { follow(namespaces: readonly string[]): void }): () => void {
    this.#scoped.push(informer);
    informer.follow(this.namespaces);
    return () => void this.#scoped.splice(this.#scoped.indexOf(informer), 1);
  }

  start(): void {
    this.#follow();
    this.#namespaces.start();
    this.nodes.start();
  }

  stop(): void {
    this.#namespaces.stop();
    this.nodes.stop();
    for (const informer of this.#scoped) informer.follow([]);
  }

  #follow(): void {
    const { namespaces } = this;
    for (const informer of this.#scoped) informer.follow(namespaces);
  }

  #inScope<T extends WatchedObject>(apiVersion: string, kind: string): ScopedInformer<T> {
    const scoped = new ScopedInformer<T>(
      (namespace) => this.#informer<T>(apiVersion, kind, { namespace }),
      (gone) => {
        this.#connection.remove(gone);
        this.version += 1;
      },
    );
    this.#scoped.push(scoped);
    return scoped;
  }

  #informer<T extends WatchedObject>(
    apiVersion: string,
    kind: string,
    options: { namespace?: string; labelSelector?: string; changed?: () => void } = {},
  ): Informer<T> {
    const { namespace, labelSelector, changed } = options;
    const informer: Informer<T> = new Informer<T>(
      this.#requests,
      () => this.#resources.path(apiVersion, kind, namespace),
      {
        changed: () => {
          this.version += 1;
          changed?.();
          this.#onChange();
        },
        connected: (connected, cause) => this.#connection.report(informer, connected, cause),
      },
      labelSelector,
    );
    this.#connection.add(informer);
    return informer;
  }
}
