import { faultVersion, isOver, type FaultBlockSpec, type FaultBlockStatus } from '../../cluster/faults/fault-object.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { ObjectReference } from '../../cluster/client/resources.ts';
import type { ActiveFault } from '../contract/faults.ts';
import type { Marks } from '../marks.ts';
import { viewOf, type FaultObject } from './fault-view.ts';

export interface BlockObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; generation?: number };
  spec?: FaultBlockSpec;
  status?: FaultBlockStatus;
}

const endedListedMs = 60_000;

/** The faults and blocks there are, as the cluster tells of every change: whoever made them, and whenever this process began. */
export class WatchedFaults {
  readonly #marks: Marks;
  readonly #now: () => number;
  readonly #stops: (() => void)[];
  readonly #listeners = new Set<() => void>();
  #faults = new Map<string, FaultObject>();
  #blocks: BlockObject[] = [];
  /** The kinds that the cluster has told of. */
  readonly #heard = new Set<string>();
  /** Those that are gone, as they were last. */
  #gone: { fault: ActiveFault; at: number }[] = [];
  /** Those that this process made, or deleted. */
  readonly #ours = { made: new Set<string>(), deleted: new Set<string>() };
  readonly #onOutside: (what: string) => void;
  /** What has been marked on the charts, by fault. */
  readonly #marked = new Map<string, 'start' | 'end'>();

  /** @param onOutside told what others than this process did: "started a fault: Slow dependency on bank" */
  constructor(cluster: Pick<Cluster, 'watch'>, marks: Marks, now: () => number, onOutside: (what: string) => void) {
    this.#onOutside = onOutside;
    this.#marks = marks;
    this.#now = now;
    this.#stops = [
      this.#watch<FaultObject>(cluster, 'Fault', (faults) => this.#take(faults)),
      this.#watch<BlockObject>(cluster, 'FaultBlock', (blocks) => {
        this.#blocks = blocks;
        this.#tell();
      }),
    ];
  }

  /** Resolves once all that is there is known, or after `ms`. */
  async ready(ms: number): Promise<void> {
    await this.until(() => this.#heard.size === 2, ms);
  }

  /** What happens to this fault from now on is this process's doing. */
  owns(id: string, doing: 'made' | 'deleted'): void {
    this.#ours[doing].add(id);
  }

  /** There is no such fault, or none any more. */
  disown(id: string): void {
    for (const ids of Object.values(this.#ours)) ids.delete(id);
  }

  get blocks(): readonly BlockObject[] {
    return this.#blocks;
  }

  get(id: string): FaultObject | undefined {
    return this.#faults.get(id);
  }

  /** Those that are not over. */
  active(): FaultObject[] {
    return [...this.#faults.values()].filter(({ status }) => !isOver(status?.phase));
  }

  /** Active ones and those that ended in the last minute, the latest first. */
  list(): ActiveFault[] {
    const since = this.#now() - endedListedMs;
    this.#gone = this.#gone.filter(({ at }) => at > since);
    const there = [...this.#faults.values()].map(viewOf);
    return [...there, ...this.#gone.map(({ fault }) => fault)].sort((a, b) => b.startedAt - a.startedAt);
  }

  /** As it was last, also a while after it is gone. */
  view(id: string): ActiveFault | undefined {
    return this.list().find((fault) => fault.id === id);
  }

  /** Resolves with true as soon as the condition holds, which is looked at after each change; with false after `ms`. */
  until(condition: () => boolean, ms: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (holds: boolean) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(holds);
      };
      const look = () => condition() && settle(true);
      const timer = setTimeout(() => settle(false), ms);
      this.#listeners.add(look);
    });
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #watch<T extends ObjectReference>(
    cluster: Pick<Cluster, 'watch'>,
    kind: string,
    take: (objects: T[]) => void,
  ): () => void {
    const watched = cluster.watch<T>(faultVersion, kind, {
      changed: () => {
        take(watched.list());
        this.#heard.add(kind);
      },
      connected: () => undefined, // the read model tells of the connection
    });
    return () => watched.stop();
  }

  #take(faults: FaultObject[]): void {
    const before = this.#faults;
    this.#faults = new Map(faults.map((fault) => [fault.metadata.name, fault]));
    for (const [id, fault] of before) if (!this.#faults.has(id)) this.#went(fault);
    for (const fault of this.#faults.values()) this.#mark(viewOf(fault), fault.status?.phase === 'Pending');
    this.#tell();
  }

  /** One that was deleted before its lease was over has been stopped; what it had counted stays readable. */
  #went(object: FaultObject): void {
    const fault = viewOf(object);
    const { phase } = object.status ?? {};
    const wasActing = phase !== undefined && phase !== 'Pending' && !isOver(phase);
    const ended: ActiveFault = { ...fault, state: 'ended', endedBy: wasActing ? 'stop' : fault.endedBy };
    const at = this.#now();
    const endedAt = Date.parse(object.status?.endedAt ?? '') || at;
    if (at - endedAt < endedListedMs) this.#gone.push({ fault: ended, at: endedAt });
    this.#mark(ended, false);
    this.#marked.delete(fault.id);
    if (ended.endedBy === 'stop') this.#tellOutside('deleted', 'stopped', ended);
    this.disown(fault.id);
  }

  /** A fault is marked where it began to act and where it ended; one that never acted is not. */
  #mark(fault: ActiveFault, isPending: boolean): void {
    const { id, title, target, state, startedAt, endsAt, endedBy } = fault;
    const acted = state === 'active' ? !isPending && endsAt > startedAt : endedBy !== null;
    if (acted && !this.#marked.has(id)) {
      this.#marked.set(id, 'start');
      this.#marks.add('fault-start', `${title}: ${target}`, startedAt);
      // What acts at the first look began before this process did, by whomever.
      if (this.#heard.has('Fault')) this.#tellOutside('made', 'started', fault);
    }
    if (state === 'active' || this.#marked.get(id) !== 'start') return;
    this.#marked.set(id, 'end');
    if (endsAt <= startedAt) return;
    this.#marks.add('fault-end', `${title}: ${target} ends`, endedBy === 'lease' ? endsAt : this.#now());
  }

  #tellOutside(doing: 'made' | 'deleted', did: string, { id, title, target }: ActiveFault): void {
    if (!this.#ours[doing].has(id)) this.#onOutside(`${did} a fault: ${title} on ${target}`);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
