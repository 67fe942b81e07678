import type { Informer, WatchedObject } from './informer.ts';

/** What can be read of objects that are kept current. */
export interface Watched<T> {
  /** Namespace after namespace, the lab's own first; in the order of their names within each. */
  list(): T[];
  /** Without a namespace: of the first one that has an object of this name. */
  get(name: string, namespace?: string): T | undefined;
  stop(): void;
}

/** The objects of one kind in the namespaces of a scope, which come and go. */
export class ScopedInformer<T extends WatchedObject> implements Watched<T> {
  readonly #make: (namespace: string) => Informer<T>;
  readonly #gone: (informer: Informer<T>) => void;
  #informers = new Map<string, Informer<T>>();

  constructor(make: (namespace: string) => Informer<T>, gone: (informer: Informer<T>) => void = () => undefined) {
    this.#make = make;
    this.#gone = gone;
  }

  /** Watches these namespaces from now on, and no others. */
  follow(namespaces: readonly string[]): void {
    const before = this.#informers;
    const made: Informer<T>[] = [];
    this.#informers = new Map(
      namespaces.map((namespace) => {
        const known = before.get(namespace);
        const informer = known ?? this.#make(namespace);
        if (!known) made.push(informer);
        return [namespace, informer];
      }),
    );
    for (const informer of made) informer.start();
    for (const [namespace, informer] of before) {
      if (this.#informers.has(namespace)) continue;
      informer.stop();
      this.#gone(informer);
    }
  }

  list(): T[] {
    return [...this.#informers.values()].flatMap((informer) => informer.list());
  }

  get(name: string, namespace?: string): T | undefined {
    if (namespace !== undefined) return this.#informers.get(namespace)?.get(name);
    for (const informer of this.#informers.values()) {
      const found = informer.get(name);
      if (found) return found;
    }
    return undefined;
  }

  stop(): void {
    this.follow([]);
  }
}
