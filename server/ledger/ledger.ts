import type { Ledger as LedgerView } from '../contract/ledger.ts';
import { firstIdSince } from './order-id.ts';
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

/** One of the shop's databases, to read. */
export interface Book {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): void;
}

export interface LedgerOptions {
  orders: Book;
  bank: Book;
  inventory: Book;
  /** Unix time in ms from which orders count for the learner; it only moves forward, and the count then begins anew. */
  since: () => number;
  /** Unix time in ms from which they count for `total`. */
  startedAt: number;
  onProblem: (error: unknown) => void;
}

/** What the customers got, counted once a second from what the databases say and nothing else. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #totals: Tally;
  #since = NaN;
  #tally = new Tally();
  /** Orders made before are not read, Unix time in ms; null before the first count. */
  #from: number | null = null;
  /** Times of the newest rows read, by the database's clock and in its notation. */
  #decidedUntil: string | null = null;
  #chargedUntil: string | null = null;
  #view: LedgerView | null = null;
  #total: LedgerView | null = null;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#totals = new Tally(options.startedAt);
  }

  /** The learner's last count; null before the first. It stands still while the databases are away. */
  current(): LedgerView | null {
    return this.#view;
  }

  /** The last count since `startedAt`, whatever the learner begins anew; null before the first. */
  total(): LedgerView | null {
    return this.#total;
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.#tick(), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
    const { orders, bank, inventory } = this.#options;
    for (const book of [orders, bank, inventory]) book.close();
  }

  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.count();
    } catch (cause) {
      this.#options.onProblem(new Error('The ledger was not counted; it is tried again every second.', { cause }));
    } finally {
      this.#busy = false;
    }
  }

  /** Orders first: the charge of an accepted order was committed before, so that it is found when charges are read. */
  async count(): Promise<void> {
    const { orders, bank, inventory, since, startedAt } = this.#options;
    this.#from ??= Math.min(since(), startedAt);
    const first = firstIdSince(this.#from);
    const decisions = await orders.query<Decision>(
      `select id, status, decided_at::text as at from orders
       where decided_at >= coalesce($1::timestamptz - make_interval(secs => ${overlapSeconds}), to_timestamp($2)) and id >= $3
       order by decided_at limit ${maxRows}`,
      [this.#decidedUntil, this.#from / 1000, first],
    );
    const charges = await bank.query<Charge>(
      `select id, reference, created_at::text as at from charges
       where created_at >= coalesce($1::timestamptz - make_interval(secs => ${overlapSeconds}), to_timestamp($2)) and reference collate "C" >= $3
       order by created_at limit ${maxRows}`,
      [this.#chargedUntil, this.#from / 1000, first],
    );
    const stock = await inventory.query<{ oversold: number }>(
      'select count(*)::int as oversold from stock where reserved > received',
    );
    const oversold = stock[0]?.oversold ?? 0;
    const now = Date.now();
    // Orders made since then are all among those just read: it was moved after the count before.
    if (this.#since !== since()) this.#tally = new Tally((this.#since = since()));
    for (const tally of [this.#tally, this.#totals]) {
      for (const { id, status } of decisions) tally.decided(id, status, now);
      for (const { id, reference } of charges) tally.charged(reference, id, now);
    }
    this.#decidedUntil = decisions.at(-1)?.at ?? this.#decidedUntil;
    this.#chargedUntil = charges.at(-1)?.at ?? this.#chargedUntil;
    this.#view = { since: this.#since, countedAt: now, ...this.#tally.counts(now), oversold };
    this.#total = { since: startedAt, countedAt: now, ...this.#totals.counts(now), oversold };
  }
}
