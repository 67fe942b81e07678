import { LONGEST_TIMEOUT } from '../longest-timeout.ts';
import type { FaultCounts, FaultRule } from '../pod-network.ts';
import type { Route } from './connection.ts';

interface Entry {
  rule: FaultRule;
  /** By performance.now(). */
  endsAt: number;
  delayed: number;
  pods: Set<string>;
}

export interface FaultsInForceOptions {
  /** Other faults act from now on. */
  onChange: () => void;
  onCounts: (counts: Record<string, FaultCounts>) => void;
}

/** Counts are told at most that often, in ms; the first effect of a fault at once. */
const tellEveryMs = 250;

/** The table of faults. Each is a lease that ends by the monotonic clock of this process, whoever else has died by then. */
export class FaultsInForce {
  #entries = new Map<string, Entry>();
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
    const before = this.#entries;
    const ids = new Set(rules.map(({ id }) => id));
    if ([...before.keys()].some((id) => !ids.has(id))) this.#tellNow();
    const now = performance.now();
    this.#entries = new Map();
    for (const rule of rules) {
      const known = before.get(rule.id);
      if (known && isSame(known.rule, rule)) this.#entries.set(rule.id, known);
      else {
        const fresh = { endsAt: now + rule.remainingMs, delayed: 0, pods: new Set<string>() };
        this.#entries.set(rule.id, { ...(known ?? fresh), rule });
      }
    }
    this.#review();
  }

  /** The faults that act on a connection now. A rule that stays in force stays the same object. */
  on({ source, services }: Route): FaultRule[] {
    const now = performance.now();
    return [...this.#entries.values()]
      .filter(({ endsAt, rule }) => endsAt > now && rule.sources.includes(source.uid))
      .filter(({ rule }) => rule.destinations.some((destination) => services.includes(destination)))
      .map(({ rule }) => rule);
  }

  /** Ids of the faults that act now. */
  acting(): string[] {
    const now = performance.now();
    return [...this.#entries].filter(([, { endsAt }]) => endsAt > now).map(([id]) => id);
  }

  countDelayed(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.delayed += 1;
    this.#counted(entry.delayed === 1);
  }

  markHit(id: string, podName: string): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.pods.has(podName)) return;
    entry.pods.add(podName);
    this.#counted(false);
  }

  #counted(isFirst: boolean): void {
    if (isFirst) this.#tellNow();
    else this.#tell ??= setTimeout(() => this.#tellNow(), tellEveryMs);
  }

  #tellNow(): void {
    clearTimeout(this.#tell);
    this.#tell = undefined;
    const counts: Record<string, FaultCounts> = {};
    for (const [id, { delayed, pods }] of this.#entries) counts[id] = { delayed, pods: [...pods] };
    this.#options.onCounts(counts);
  }

  #review(): void {
    clearTimeout(this.#end);
    const now = performance.now();
    const ends = [...this.#entries.values()].map(({ endsAt }) => endsAt).filter((endsAt) => endsAt > now);
    if (ends.length > 0) {
      // Rounded up: a timer that came a fraction early would find the lease still running. The far ones are looked at again.
      const wait = Math.min(Math.ceil(Math.min(...ends) - now), LONGEST_TIMEOUT);
      this.#end = setTimeout(() => this.#review(), wait);
    }
    this.#options.onChange();
  }
}

/** What is left of the lease differs each time it is told. */
function isSame(a: FaultRule, b: FaultRule): boolean {
  return JSON.stringify({ ...a, remainingMs: 0 }) === JSON.stringify({ ...b, remainingMs: 0 });
}
