import type { Deployment, Event, Node, Pod } from '../embedded/kinds/types.ts';
import { Informer } from './informer.ts';
import type { Requests } from './requests.ts';
import type { Resources } from './resources.ts';

/** What the cluster is like now, as far as it is known: the shop's namespace and the nodes. */
export class ReadModel {
  readonly pods: Informer<Pod>;
  readonly deployments: Informer<Deployment>;
  readonly events: Informer<Event>;
  readonly nodes: Informer<Node>;
  readonly #connected = new Map<string, boolean>();
  readonly #onConnection: (connected: boolean, cause?: unknown) => void;
  #wasConnected: boolean | null = null;
  /** Grows with every change, so that readers can tell whether they have seen it. */
  version = 0;

  constructor(
    requests: Requests,
    resources: Resources,
    namespace: string,
    onConnection: (connected: boolean, cause?: unknown) => void,
    onChange: () => void,
  ) {
    this.#onConnection = onConnection;
    const informer = <T extends Pod | Deployment | Event | Node>(apiVersion: string, kind: string, scope?: string) =>
      new Informer<T>(requests, () => resources.path(apiVersion, kind, scope), {
        changed: () => {
          this.version += 1;
          onChange();
        },
        connected: (connected, cause) => this.#report(kind, connected, cause),
      });
    this.pods = informer<Pod>('v1', 'Pod', namespace);
    this.deployments = informer<Deployment>('apps/v1', 'Deployment', namespace);
    this.events = informer<Event>('v1', 'Event', namespace);
    this.nodes = informer<Node>('v1', 'Node');
  }

  get connected(): boolean {
    return this.#wasConnected === true;
  }

  start(): void {
    for (const informer of this.#all()) informer.start();
  }

  stop(): void {
    for (const informer of this.#all()) informer.stop();
  }

  #all(): { start(): void; stop(): void }[] {
    return [this.pods, this.deployments, this.events, this.nodes];
  }

  /**
   * Connected means that every watch runs: a model with a part missing would mislead. Each failed try is told, for its cause
   * may be another one now.
   */
  #report(kind: string, connected: boolean, cause: unknown): void {
    this.#connected.set(kind, connected);
    const now = this.#connected.size === this.#all().length && [...this.#connected.values()].every(Boolean);
    if (now === this.#wasConnected && connected) return;
    if (!now && this.#wasConnected === null && connected) return; // the first ones have just come up
    this.#wasConnected = now;
    this.version += 1;
    this.#onConnection(now, cause);
  }
}
