import { begin } from '../../../network-faults/index.ts';
import type { Counted } from '../../../network-faults/met-fault.ts';
import type { FaultAtWork } from '../../../network-faults/stream-fault.ts';
import type { PodRecord } from '../messages.ts';
import type { FaultCounts, FaultRule } from '../pod-network.ts';
import type { Route } from './connection.ts';

/** A fault that acts, and what it has done. */
export class FaultInForce {
  rule: FaultRule;
  /** By performance.now(). */
  readonly endsAt: number;
  readonly fault: FaultAtWork;
  readonly #pods: Set<string>;
  readonly #counts: Record<Counted, number>;
  readonly #onCount: (isFirst: boolean) => void;

  /**
   * @param onCount it has done something; for the first time, or again
   * @param before the same fault, as it acted until now: it counts on, and its lease is the one it began with
   */
  constructor(rule: FaultRule, onCount: (isFirst: boolean) => void, before?: FaultInForce) {
    this.rule = rule;
    this.fault = begin(rule.fault);
    this.#onCount = onCount;
    this.endsAt = before?.endsAt ?? performance.now() + rule.remainingMs;
    this.#pods = before ? before.#pods : new Set();
    this.#counts = before ? before.#counts : { delayed: 0, failed: 0, dropped: 0, leftAlone: 0 };
  }

  /** Whether it acts on a connection. */
  isOn({ source, destination, services }: Route): boolean {
    const { rule } = this;
    if ('around' in rule) {
      if (!source.uid || !destination) return false;
      return source.uid in rule.around !== destination.uid in rule.around;
    }
    return rule.sources.includes(source.uid) && rule.destinations.some((name) => services.includes(name));
  }

  /** Whether it acts on a look-up of the name of a Service. */
  isOnLookup(source: PodRecord, service: string): boolean {
    const { rule } = this;
    if ('around' in rule) return source.uid in rule.around;
    return rule.sources.includes(source.uid) && rule.destinations.includes(service);
  }

  get counts(): FaultCounts {
    return { ...this.#counts, pods: [...this.#pods] };
  }

  /** It has done something, on this connection or with this look-up: one end of it is hit. */
  count(what: Counted, { source, destination }: Pick<Route, 'source' | 'destination'>): void {
    const hit = 'around' in this.rule && !(source.uid in this.rule.around) ? destination : source;
    if (hit && what !== 'leftAlone') this.#pods.add(hit.name);
    this.#counts[what] += 1;
    const { delayed, failed, dropped } = this.#counts;
    this.#onCount(what !== 'leftAlone' && delayed + failed + dropped === 1);
  }
}
