import type { FaultCounters, FaultRule } from './pod-network.ts';

/** Counters live in the data plane; what a data plane that died had counted when last asked is carried over. */
export class CarriedCounters {
  #carried: Record<string, FaultCounters> = {};
  #lastSeen: Record<string, FaultCounters> = {};

  /** What the current data plane has counted, with what the ones before it had. */
  add(current: Record<string, FaultCounters>): Record<string, FaultCounters> {
    const sum: Record<string, FaultCounters> = {};
    for (const [id, counters] of Object.entries(current)) {
      const before = this.#carried[id] ?? { delayed: 0, connections: 0, pods: [] };
      sum[id] = {
        delayed: before.delayed + counters.delayed,
        connections: before.connections + counters.connections,
        pods: [...new Set([...before.pods, ...counters.pods])],
      };
    }
    this.#lastSeen = sum;
    return sum;
  }

  /** The data plane counts from zero again. */
  startAgain(): void {
    this.#carried = this.#lastSeen;
  }

  /** Only these faults are of interest from now on. */
  keep(rules: FaultRule[]): void {
    const ids = new Set(rules.map(({ id }) => id));
    for (const id of Object.keys(this.#carried)) if (!ids.has(id)) delete this.#carried[id];
    for (const id of Object.keys(this.#lastSeen)) if (!ids.has(id)) delete this.#lastSeen[id];
  }
}
