import { isDeepStrictEqual } from 'node:util';
import type { FailedLookup } from '../../../network-faults/stream-fault.ts';
import { LONGEST_TIMEOUT } from '../longest-timeout.ts';
import type { PodRecord } from '../messages.ts';
import type { FaultCounts, FaultRule } from '../pod-network.ts';
import type { Route } from './connection.ts';
import { FaultInForce } from './fault-in-force.ts';

export interface FaultsInForceOptions {
  /** Other faults act from now on. */
  onChange: () => void;
  onCounts: (counts: Record<string, FaultCounts>) => void;
}

/** Counts are told at most that often, in ms; the first effect of a fault at once. */
const tellEveryMs = 250;

/** The table of faults. Each is a lease that ends by the monotonic clock of this process, whoever else has died by then. */
export class FaultsInForce {
  #faults = new Map<string, FaultInForce>();
  #end: NodeJS.Timeout | undefined;
  #tell: NodeJS.Timeout | undefined;
  readonly #options: FaultsInForceOptions;

  constructor(options: FaultsInForceOptions) {
    this.#options = options;
  }

  /**
   * Replaces the table. A rule that is there already keeps its counts and the lease it began with; what the others had
   * counted is told before they go.
   */
  set(rules: FaultRule[]): void {
    const before = this.#faults;
    const ids = new Set(rules.map(({ id }) => id));
    if ([...before.keys()].some((id) => !ids.has(id))) this.#tellNow();
    this.#faults = new Map();
    for (const rule of rules) {
      const known = before.get(rule.id);
      if (known && isDeepStrictEqual(known.rule.fault, rule.fault)) {
        // Pods come and go; what it does stays.
        known.rule = rule;
        this.#faults.set(rule.id, known);
      } else {
        this.#faults.set(rule.id, new FaultInForce(rule, (isFirst) => this.#counted(isFirst), known));
      }
    }
    this.#review();
  }

  /** The faults that act on a connection now. */
  on(route: Route): FaultInForce[] {
    return this.#acting().filter((fault) => fault.isOn(route));
  }

  /** What looking up the name of a Service comes to, where a fault acts on that; `service` is only asked for then. */
  lookup(source: PodRecord, service: () => string | undefined): FailedLookup | null {
    for (const fault of this.#acting()) {
      if (!fault.fault.lookup) continue;
      const name = service();
      const failed = name !== undefined && fault.isOnLookup(source, name) ? fault.fault.lookup() : null;
      if (!failed) continue;
      fault.count('failed', { source, destination: null });
      return failed;
    }
    return null;
  }

  /** Ids of the faults that act now. */
  acting(): string[] {
    return this.#acting().map(({ rule }) => rule.id);
  }

  #acting(): FaultInForce[] {
    if (this.#faults.size === 0) return [];
    const now = performance.now();
    return [...this.#faults.values()].filter(({ endsAt }) => endsAt > now);
  }

  #counted(isFirst: boolean): void {
    if (isFirst) this.#tellNow();
    else this.#tell ??= setTimeout(() => this.#tellNow(), tellEveryMs);
  }

  #tellNow(): void {
    clearTimeout(this.#tell);
    this.#tell = undefined;
    const counts: Record<string, FaultCounts> = {};
    for (const [id, fault] of this.#faults) counts[id] = fault.counts;
    this.#options.onCounts(counts);
  }

  #review(): void {
    clearTimeout(this.#end);
    const now = performance.now();
    const ends = [...this.#faults.values()].map(({ endsAt }) => endsAt).filter((endsAt) => endsAt > now);
    if (ends.length > 0) {
      // Rounded up: a timer that came a fraction early would find the lease still running. The far ones are looked at again.
      const wait = Math.min(Math.ceil(Math.min(...ends) - now), LONGEST_TIMEOUT);
      this.#end = setTimeout(() => this.#review(), wait);
    }
    this.#options.onChange();
  }
}
