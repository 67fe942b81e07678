import type { Ledger as LedgerView } from '../contract/ledger.ts';
import type { StateFile } from '../state-file.ts';
import { recentMs, type ChargeBook, type Cursor, type Database, type OrderBook } from './books.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { MailBook } from './mail-book.ts';
import { isOrderId, timeOf } from './order-id.ts';
import { Tally } from './tally.ts';

const everyMs = 1_000;
const saveEveryMs = 10_000;
/** What one count reads of each book at most; the rest follows in the next. */
const pageRows = 20_000;

export interface LedgerOptions {
  orders: OrderBook;
  bank: ChargeBook;
  inventory: Database;
  mails: MailBook;
  /** Where the count is kept over a restart; nowhere without. */
  file?: StateFile<LedgerRecord>;
  now?: () => number;
  onProblem: (error: unknown) => void;
}

interface Count {
  books: [string, string];
  cursors: [Cursor | null, Cursor | null];
  total: Tally;
}

/**
 * What the customers got, counted once a second from what the books say and nothing else. Each row is read once, when it is
 * certain; a restart goes on where the count was saved.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #now: () => number;
  #count: Count | null = null;
  #total: LedgerView | null = null;
  /** Orders paid lately, the newest last. */
  #paid: { countedAt: number; afterMs: number }[] = [];
  #busy = false;
  #savedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The last count of all orders there are; null before the first. It stands still while the databases are away. */
  total(): LedgerView | null {
    return this.#total;
  }

  /** How long after they were made 95 % of the orders were paid that were paid in the last 5 s, in ms; null without any. */
  paidAfter(): number | null {
    const since = this.#now() - recentMs;
    const recent = this.#paid.filter(({ countedAt }) => countedAt > since).map(({ afterMs }) => afterMs);
    return recent.sort((a, b) => a - b)[Math.ceil(recent.length * 0.95) - 1] ?? null;
  }

  run(): void {
    this.#timer ??= setInterval(() => void this.#tick(), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#save();
    const { orders, bank, inventory, mails } = this.#options;
    for (const book of [orders, bank, inventory, mails]) book.close();
  }

  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.count();
      if (this.#now() - this.#savedAt >= saveEveryMs) this.#save();
    } catch (cause) {
      this.#options.onProblem(new Error('The ledger was not counted; it is tried again every second.', { cause }));
    } finally {
      this.#busy = false;
    }
  }

  /** Orders first: the charge of an accepted order was made before, so that it is found when charges are read. */
  async count(): Promise<void> {
    const { orders, bank, inventory, mails } = this.#options;
    const count = await this.#known();
    const [ordersCursor, chargesCursor] = count.cursors;
    const decided = await orders.read(ordersCursor, pageRows);
    const charged = await bank.read(chargesCursor, pageRows);
    const stock = await inventory.query<{ oversold: number }>(
      'select coalesce(sum(reserved - received), 0)::int as oversold from stock where reserved > received',
    );
    const mailsTwice = (await mails.sentTwice(count.total.since)) ?? this.#total?.mailsTwice ?? 0;
    const now = this.#now();
    const tally = count.total;
    const charges = charged.rows.filter(({ reference }) => isOrderId(reference)); // anybody may pay the bank for anything
    const touched = [...decided.rows.map(({ id }) => id), ...charges.map(({ reference }) => reference)];
    await this.#recall(tally, touched, count.cursors, now);

    // From here on nothing can fail: a page is counted as a whole or read again as a whole.
    for (const { id, status } of decided.rows) tally.order(id, status);
    for (const { reference, kind } of charges) tally[kind](reference);
    count.cursors = [decided.cursor, charged.cursor];
    const paid = decided.rows.flatMap(({ paidAfterMs }) =>
      paidAfterMs == null ? [] : [{ countedAt: now, afterMs: paidAfterMs }],
    );
    this.#paid = [...this.#paid.filter(({ countedAt }) => countedAt > now - recentMs), ...paid];
    const oversold = stock[0]?.oversold ?? 0;
    this.#total = { since: tally.since, countedAt: now, ...tally.counts(now), mailsTwice, oversold };
  }

  /** The count so far. Of other books than those it was made of, it says nothing. */
  async #known(): Promise<Count> {
    const { orders, bank, file } = this.#options;
    const books: [string, string] = [await orders.identity(), await bank.identity()];
    if (this.#count && String(this.#count.books) === String(books)) return this.#count;
    const record = this.#count ? null : (file?.read() ?? null);
    this.#count = record && String(record.books) === String(books) ? resumed(record) : begun(books);
    return this.#count;
  }

  /** Settled orders that there is news of. */
  async #recall(tally: Tally, touched: string[], cursors: Count['cursors'], now: number): Promise<void> {
    const ids = [...new Set(touched)].filter((id) => tally.hasForgotten(id, now));
    if (ids.length === 0) return;
    const { orders, bank } = this.#options;
    const [statuses, charges] = await Promise.all([orders.upTo(cursors[0], ids), bank.upTo(cursors[1], ids)]);
    for (const id of ids) {
      const status = statuses.get(id);
      const moved = charges.get(id);
      tally.recall(
        id,
        status || moved ? { status: status ?? 'pending', ...(moved ?? { charges: 0, refunds: 0 }) } : null,
      );
    }
  }

  #save(): void {
    if (!this.#count) return;
    const { books, cursors, total } = this.#count;
    this.#options.file?.write({ books, cursors, total: total.toRecord() });
    this.#savedAt = this.#now();
  }
}

/** Of orders from before either book was begun there is no telling. */
function begun(books: [string, string]): Count {
  const total = new Tally(Math.max(...books.map(timeOf)));
  return { books, cursors: [null, null], total };
}

function resumed({ books, cursors, total }: LedgerRecord): Count {
  return { books, cursors, total: new Tally(total.since, total) };
}
