import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Ledger as LedgerView } from '../contract/ledger.ts';
import { firstIdSince } from './order-id.ts';
import { ShopDatabase } from './shop-database.ts';
import { Tally } from './tally.ts';

const everyMs = 1_000;
/** Rows are read again for so long, because a row's time is taken before its transaction commits. */
const overlapSeconds = 10;
const maxRows = 20_000;

interface Decision {
  id: string;
  status: 'accepted' | 'failed';
  at: string;
}
interface Charge {
  id: string;
  reference: string;
  at: string;
}

/** What the customers got, counted once a second from what the databases say and nothing else. */
export class Ledger {
  readonly #orders: ShopDatabase;
  readonly #bank: ShopDatabase;
  readonly #inventory: ShopDatabase;
  readonly #onProblem: (error: unknown) => void;
  readonly #wantedSince: () => number;
  #since = 0;
  #tally = new Tally();
  /** Times of the newest rows read, by the database's clock and in its notation. */
  #decidedUntil: string | null = null;
  #chargedUntil: string | null = null;
  #view: LedgerView | null = null;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  /** `since`: Unix time in ms from which orders count. When it changes, the count begins anew. */
  constructor(cluster: Cluster, since: () => number, onProblem: (error: unknown) => void) {
    this.#orders = new ShopDatabase(cluster, 'orders');
    this.#bank = new ShopDatabase(cluster, 'bank');
    this.#inventory = new ShopDatabase(cluster, 'inventory');
    this.#onProblem = onProblem;
    this.#wantedSince = since;
  }

  /** The last count; null before the first. It stands still while the databases are away. */
  current(): LedgerView | null {
    return this.#view;
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.#tick(), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const database of [this.#orders, this.#bank, this.#inventory]) database.close();
  }

  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.count();
    } catch (cause) {
      this.#onProblem(new Error('The ledger was not counted; it is tried again every second.', { cause }));
    } finally {
      this.#busy = false;
    }
  }

  /** Orders first: the charge of an accepted order was committed before, so that it is found when charges are read. */
  async count(): Promise<void> {
    if (this.#since !== this.#wantedSince()) this.#begin(this.#wantedSince());
    const first = firstIdSince(this.#since);
    const decisions = await this.#orders.query<Decision>(
      `select id, status, decided_at::text as at from orders
       where decided_at >= coalesce($1::timestamptz - make_interval(secs => ${overlapSeconds}), to_timestamp($2)) and id >= $3
       order by decided_at limit ${maxRows}`,
      [this.#decidedUntil, this.#since / 1000, first],
    );
    const charges = await this.#bank.query<Charge>(
      `select id, reference, created_at::text as at from charges
       where created_at >= coalesce($1::timestamptz - make_interval(secs => ${overlapSeconds}), to_timestamp($2)) and reference collate "C" >= $3
       order by created_at limit ${maxRows}`,
      [this.#chargedUntil, this.#since / 1000, first],
    );
    const stock = await this.#inventory.query<{ oversold: number }>(
      'select count(*)::int as oversold from stock where reserved > received',
    );
    const now = Date.now();
    for (const { id, status } of decisions) this.#tally.decided(id, status, now);
    for (const { id, reference } of charges) this.#tally.charged(reference, id, now);
    this.#decidedUntil = decisions.at(-1)?.at ?? this.#decidedUntil;
    this.#chargedUntil = charges.at(-1)?.at ?? this.#chargedUntil;
    this.#view = { since: this.#since, countedAt: now, ...this.#tally.counts(now), oversold: stock[0]?.oversold ?? 0 };
  }

  #begin(since: number): void {
    this.#since = since;
    this.#tally = new Tally();
    this.#decidedUntil = null;
    this.#chargedUntil = null;
  }
}
