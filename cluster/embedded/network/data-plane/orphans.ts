/** As net.ipv4.tcp_max_orphans bounds what kernels keep. */
const MOST_ORPHANS = 1024;

interface Orphan {
  reset(): void;
}

/**
 * Connections whose caller has ended its side while a fault still holds what it had sent. Impatient callers of something that hangs leave
 * one after the other: the oldest are given up.
 */
export class Orphans {
  readonly #orphans = new Set<Orphan>();
  readonly #most: number;

  constructor(most = MOST_ORPHANS) {
    this.#most = most;
  }

  add(orphan: Orphan): void {
    this.#orphans.add(orphan);
    const [oldest] = this.#orphans;
    if (this.#orphans.size <= this.#most) return;
    this.#orphans.delete(oldest!);
    oldest!.reset();
  }

  delete(orphan: Orphan): void {
    this.#orphans.delete(orphan);
  }
}
