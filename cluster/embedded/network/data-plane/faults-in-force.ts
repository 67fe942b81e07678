import { LONGEST_TIMEOUT } from '../longest-timeout.ts';
import type { FaultCounters, FaultRule } from '../pod-network.ts';
import type { Route } from './connection.ts';

interface Entry {
  rule: FaultRule;
  json: string;
  counters: { delayed: number; connections: number; pods: Set<string> };
}

/** The table of faults. Each ends at its `expiresAt` by the clock of this process, whoever else has died by then. */
export class FaultsInForce {
  #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Replaces the table. A rule that has not changed stays the same object, and keeps its counters. */
  set(rules: FaultRule[]): void {
    const before = this.#entries;
    this.#entries = new Map();
    for (const rule of rules) {
      const json = JSON.stringify(rule);
      const known = before.get(rule.id);
      this.#entries.set(rule.id, {
        json,
        rule: known?.json === json ? known.rule : rule,
        counters: known?.counters ?? { delayed: 0, connections: 0, pods: new Set() },
      });
    }
    this.#review();
  }

  /** The faults that act on a connection now. */
  on(route: Route): FaultRule[] {
    const now = Date.now();
    const rules: FaultRule[] = [];
    for (const { rule } of this.#entries.values()) {
      if (rule.expiresAt <= now) continue;
      if (rule.source !== null && rule.source !== route.source.app) continue;
      if (route.services.includes(`${rule.destination.namespace}/${rule.destination.name}`)) rules.push(rule);
    }
    return rules;
  }

  countDelayed(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.counters.delayed++;
  }

  countConnection(id: string, podName: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.counters.connections++;
    entry.counters.pods.add(podName);
  }

  counters(): Record<string, FaultCounters> {
    const all: Record<string, FaultCounters> = {};
    for (const [id, { counters }] of this.#entries) all[id] = { ...counters, pods: [...counters.pods] };
    return all;
  }

  #review(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    const ends = [...this.#entries.values()].map(({ rule }) => rule.expiresAt).filter((end) => end > now);
    if (ends.length > 0) {
      // An end further away than that is looked at again then.
      this.#timer = setTimeout(() => this.#review(), Math.min(Math.min(...ends) - now, LONGEST_TIMEOUT));
    }
    this.#onChange();
  }
}
