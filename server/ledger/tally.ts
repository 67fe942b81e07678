import { contribution, nothing, plus, type Counts, type OrderState } from './fold.ts';
import { firstIdSince, timeOf } from './order-id.ts';

/** A tally as it is kept over a restart. */
export interface TallyRecord {
  since: number;
  settled: Counts;
  orders: [id: string, status: OrderState['status'], charges: number, refunds: number][];
}

/** A decided order leaves memory at this age, in ms by its own id; should there be news of it all the same, it is recalled. */
export const settledAfterMs = 120_000;
/** Undecided orders stay until they are decided; should there be more than this, the oldest go too. */
const maxOrders = 50_000;

/**
 * The fold of every row read so far over the orders made since a moment: those that may still change one by one, the others
 * as a sum. Nothing is counted twice, because no row is read twice.
 */
export class Tally {
  readonly since: number;
  readonly #first: string;
  readonly #orders = new Map<string, OrderState>();
  #settled: Counts;

  /** @param since Unix time in ms: orders made before it are not counted */
  constructor(since: number, record?: TallyRecord) {
    this.since = since;
    this.#first = firstIdSince(since);
    this.#settled = record?.settled ?? nothing;
    for (const [id, status, charges, refunds] of record?.orders ?? []) {
      this.#orders.set(id, { status, charges, refunds });
    }
  }

  /** Whether news of this order needs what was known of it before, by `recall`. */
  hasForgotten(id: string, now: number): boolean {
    return id >= this.#first && !this.#orders.has(id) && timeOf(id) <= now - settledAfterMs;
  }

  /** Takes an order out of the sum again. `state`: what all rows read so far say of it; null when there were none. */
  recall(id: string, state: OrderState | null): void {
    if (!state || id < this.#first || this.#orders.has(id)) return;
    this.#settled = plus(this.#settled, contribution(state, Infinity), -1);
    this.#orders.set(id, { ...state });
  }

  order(id: string, status: OrderState['status']): void {
    const order = this.#order(id);
    if (order) order.status = status;
  }

  charge(id: string): void {
    const order = this.#order(id);
    if (order) order.charges += 1;
  }

  refund(id: string): void {
    const order = this.#order(id);
    if (order) order.refunds += 1;
  }

  counts(now: number): Counts {
    this.#settle(now);
    let counts = this.#settled;
    for (const [id, order] of this.#orders) counts = plus(counts, contribution(order, now - timeOf(id)));
    return counts;
  }

  toRecord(): TallyRecord {
    const orders = [...this.#orders].map(([id, { status, charges, refunds }]): TallyRecord['orders'][number] => {
      return [id, status, charges, refunds];
    });
    return { since: this.since, settled: this.#settled, orders };
  }

  #order(id: string): OrderState | undefined {
    if (id < this.#first) return undefined;
    let order = this.#orders.get(id);
    if (!order) this.#orders.set(id, (order = { status: 'pending', charges: 0, refunds: 0 }));
    return order;
  }

  #settle(now: number): void {
    let surplus = this.#orders.size - maxOrders;
    for (const [id, order] of this.#orders) {
      if (timeOf(id) > now - settledAfterMs) continue;
      if ((order.status === 'pending' || order.status === 'to-be-paid') && surplus-- <= 0) continue;
      this.#settled = plus(this.#settled, contribution(order, Infinity));
      this.#orders.delete(id);
    }
  }
}
