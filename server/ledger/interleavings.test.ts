import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChargeBook, Cursor, OrderBook, Page } from './books.ts';
import { contribution, nothing, plus, type Movements, type OrderState } from './fold.ts';
import { StateFile } from '../state-file.ts';
import { ledgerRecordSchema } from './ledger-record.ts';
import { Ledger } from './ledger.ts';
import { firstIdSince } from './order-id.ts';
import { chargeBook } from './bank-statement.ts';
import { openBank } from './testing/running-bank.ts';

// Rows become certain in the order of their stamps, whatever order their transactions commit in; when, the scheduler decides. Of the
// bank there is a model, which is as slow to be certain as the orders are, and the book itself, read by its statements.

interface Row {
  stamp: number;
  id: string;
}

/** A book whose rows are certain up to a stamp, and which is read in pages of any size. */
class Rows<R extends Row> {
  readonly rows: R[] = [];
  certain = 0;

  page(after: Cursor | null, limit: number): Page<R> {
    const from = Number(after ?? 0);
    const rows = this.rows.filter(({ stamp }) => stamp > from && stamp <= this.certain).slice(0, limit);
    return { rows, cursor: rows.length > 0 ? String(rows.at(-1)!.stamp) : after };
  }

  upTo(cursor: Cursor | null, ids: string[]): R[] {
    return this.rows.filter(({ stamp, id }) => stamp <= Number(cursor ?? 0) && ids.includes(id));
  }
}

type OrderRow = Row & { status: OrderState['status'] };

type Pages = () => number;

function modelOrders(pageRows: Pages): { orders: Rows<OrderRow>; orderBook: OrderBook } {
  const orders = new Rows<OrderRow>();
  const orderBook: OrderBook = {
    identity: async () => firstIdSince(start),
    close: () => undefined,
    read: async (after) => orders.page(after, pageRows()),
    // As in PostgreSQL, an update leaves the newest version alone.
    async upTo(cursor, ids) {
      const newest = new Map(orders.rows.map((row) => [row.id, row]));
      const known = orders.upTo(cursor, ids).filter((row) => newest.get(row.id) === row);
      return new Map(known.map(({ id, status }) => [id, status]));
    },
  };
  return { orders, orderBook };
}

interface Bank {
  chargeBook: ChargeBook;
  charge(id: string): void;
  /** Gives back all charges of it, a line each. */
  refund(id: string): void;
  /** So many more of its charges can be read now. */
  settle(charges: number): void;
  /** Nobody answers; or somebody does again. */
  leave(away: boolean): void;
  restart(): void;
  close(): Promise<void>;
}

async function modelBank(pageRows: Pages): Promise<Bank> {
  const charges = new Rows<Row & { kind: 'charge' | 'refund' }>();
  const write = (id: string, kind: 'charge' | 'refund') =>
    charges.rows.push({ stamp: charges.rows.length + 1, id, kind });
  let away = false;
  const reached = () => assert.ok(!away, 'no bank here');
  return {
    charge: (id) => write(id, 'charge'),
    refund: (id) => charges.rows.filter((row) => row.id === id).forEach(() => write(id, 'refund')),
    settle: (count) => (charges.certain = Math.min(charges.rows.length, charges.certain + count)),
    leave: (is) => (away = is),
    restart: () => undefined,
    close: async () => undefined,
    chargeBook: {
      identity: async () => (reached(), firstIdSince(start)),
      close: () => undefined,
      async read(after) {
        reached();
        const { rows, cursor } = charges.page(after, pageRows());
        return { rows: rows.map(({ id, kind }) => ({ reference: id, kind })), cursor };
      },
      async upTo(cursor, ids) {
        reached();
        const counts = new Map<string, Movements>();
        for (const { id, kind } of charges.upTo(cursor, ids)) {
          const before = counts.get(id) ?? { charges: 0, refunds: 0 };
          counts.set(id, { ...before, [`${kind}s`]: before[`${kind}s`] + 1 });
        }
        return counts;
      },
    },
  };
}

async function realBank(pageRows: Pages): Promise<Bank> {
  const bank = await openBank();
  const read = chargeBook(bank.ask);
  return {
    charge: (reference) => bank.book.record({ reference, amountCents: 1 }),
    refund: (reference) => bank.book.refund(reference),
    settle: () => undefined, // what is in the book is certain
    leave: (away) => (bank.away = away),
    restart: () => bank.restart(),
    close: () => bank.close(),
    chargeBook: { ...read, read: (after) => read.read(after, pageRows()) },
  };
}

/** Later than any book of the bank is begun here: what is older than a book does not count. */
const start = Date.now() + 3_600_000;
const noMails = { sentTwice: async () => null, close: () => undefined };
const oversoldNever = {
  query: async <R extends object>() => [{ oversold: 0 }] as unknown as R[],
  close: () => undefined,
};

type Step =
  | { type: 'order'; age: number }
  | { type: 'decide'; which: number; status: 'to-be-paid' | 'accepted' | 'failed' }
  | { type: 'charge'; which: number }
  | { type: 'refund'; which: number }
  | { type: 'certain'; orders: number; charges: number }
  | { type: 'count'; rows: number }
  | { type: 'wait'; ms: number }
  | { type: 'away'; away: boolean }
  | { type: 'restart'; of: 'server' | 'bank' };

const which = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('order' as const), age: fc.nat(1000) }),
  fc.record({
    type: fc.constant('decide' as const),
    which,
    status: fc.constantFrom('to-be-paid' as const, 'accepted' as const, 'failed' as const),
  }),
  fc.record({ type: fc.constant('charge' as const), which }),
  fc.record({ type: fc.constant('refund' as const), which }),
  fc.record({ type: fc.constant('certain' as const), orders: fc.nat(4), charges: fc.nat(4) }),
  fc.record({ type: fc.constant('count' as const), rows: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 31_000, 130_000, 3_600_000) }),
  fc.record({ type: fc.constant('away' as const), away: fc.boolean() }),
  fc.record({ type: fc.constant('restart' as const), of: fc.constantFrom('server' as const, 'bank' as const) }),
);

const banks = [
  { what: 'a model of its book', open: modelBank, runs: 300 },
  { what: 'its own book, read by statements', open: realBank, runs: 40 },
];
for (const { what, open, runs } of banks) {
  test(`however rows and reads interleave, the count is that of one reading at the end: the bank is ${what}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 160, size: 'max' }), async (steps) => {
          let page = 4;
          const bank = await open(() => page);
          try {
            await interleave(steps, bank, (rows) => (page = rows), folder);
          } finally {
            await bank.close();
          }
        }),
        { numRuns: runs, seed: 4711 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

async function interleave(steps: Step[], bank: Bank, setPage: (rows: number) => void, folder: string): Promise<void> {
  let now = start;
  let stamp = 0;
  let page = 4;
  let away = false;
  const { orders, orderBook } = modelOrders(() => page);
  const truth = new Map<string, OrderState>();
  const refunded = new Set<string>();
  const file = new StateFile({
    path: join(folder, `${crypto.randomUUID()}.json`),
    schema: ledgerRecordSchema,
    withoutIt: 'all is counted again',
    onProblem: (error) => assert.fail(String(error)),
  });
  const open = () =>
    new Ledger({
      ...{ orders: orderBook, bank: bank.chargeBook, inventory: oversoldNever, mails: noMails, file },
      now: () => now,
      onProblem: (error) => assert.fail(String(error)),
    });
  let ledger = open();
  const write = (id: string, status: OrderState['status']) => {
    // An update makes a new version: who has not read the old one never will.
    const old = orders.rows.findIndex((row) => row.id === id);
    if (old >= 0) orders.rows.splice(old, 1);
    orders.rows.push({ stamp: ++stamp, id, status });
  };
  const pick = (n: number) => [...truth.keys()][n % Math.max(1, truth.size)];
  const counts = () => {
    const { since: _since, countedAt: _countedAt, mailsTwice: _mails, oversold: _oversold, ...rest } = ledger.total()!;
    return rest;
  };

  for (const one of steps) {
    if (one.type === 'order') {
      const id = firstIdSince(now - one.age + 1000).replace(/0{12}$/, String(truth.size).padStart(12, '0'));
      truth.set(id, { status: 'pending', charges: 0, refunds: 0 });
      write(id, 'pending');
    } else if (one.type === 'decide') {
      const id = pick(one.which);
      const order = id && truth.get(id);
      if (!id || !order || order.status === 'accepted' || order.status === 'failed') continue;
      order.status = one.status;
      write(id, one.status);
    } else if (one.type === 'charge') {
      const id = pick(one.which);
      if (!id || refunded.has(id)) continue; // it is charged no more
      truth.get(id)!.charges += 1;
      bank.charge(id);
    } else if (one.type === 'refund') {
      const id = pick(one.which);
      if (!id || refunded.has(id)) continue;
      refunded.add(id);
      truth.get(id)!.refunds = truth.get(id)!.charges;
      bank.refund(id);
    } else if (one.type === 'certain') {
      orders.certain = Math.min(stamp, orders.certain + one.orders);
      bank.settle(one.charges);
    } else if (one.type === 'count') {
      setPage((page = one.rows));
      if (away) await assert.rejects(ledger.count(), /no bank here/);
      else await ledger.count();
    } else if (one.type === 'wait') {
      now += one.ms;
    } else if (one.type === 'away') {
      bank.leave((away = one.away));
    } else if (one.of === 'bank') {
      bank.restart();
    } else {
      ledger.close();
      ledger = open();
    }
  }

  orders.certain = stamp;
  bank.settle(Infinity);
  bank.leave(false);
  setPage((page = 1000));
  now += 3_600_000;
  await ledger.count();
  const whole = [...truth.values()].reduce((sum, order) => plus(sum, contribution(order, Infinity)), nothing);
  assert.deepEqual(counts(), whole);
  for (let minute = 0; minute < 10; minute++) {
    now += 60_000;
    await ledger.count();
    assert.deepEqual(counts(), whole, 'idle');
  }
}
