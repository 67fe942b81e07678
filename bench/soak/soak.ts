import { setTimeout as delay } from 'node:timers/promises';
import { buildPage } from '../../launch/page-build.mjs';
import { createPhases } from '../../launch/phases.mjs';
import { root, startProduct, type Product } from '../../launch/product.ts';
import { OwnCustomer } from '../../launch/survival/customer.ts';
import { queryOrders } from '../../launch/survival/shop-database.ts';
import type { StopAllResult } from '../../server/contract/faults.ts';
import type { Ledger } from '../../server/contract/ledger.ts';
import type { Pattern } from '../../server/contract/patterns.ts';
import type { SignalPoint, SignalSeries } from '../../server/contract/signals.ts';
import { labApi, until, type LabApi } from '../lab-api.ts';
import { runFault, type FaultRun } from './fault-run.ts';
import { gapsOf } from './gaps.ts';
import { draws } from './random-fault.ts';

export interface SoakOptions {
  minutes: number;
  /** Requests a second. */
  rate: number;
  seed: number;
  onFault: (run: FaultRun) => void;
}

export interface SoakResult {
  startedAt: number;
  minutes: number;
  rate: number;
  seed: number;
  /** Ids of patterns and what was chosen. */
  patterns: Record<string, string>;
  faults: FaultRun[];
  ledger: Ledger;
  /** Orders of our own customer: acknowledged, and those of them that the shop knows nothing of or has not decided. */
  own: { acknowledged: number; lost: string[] };
  /** What customers met, second by second. */
  customers: SignalPoint[];
  /** From the end of the last fault to the last order being decided; ms. */
  settledMs: number;
  /** What must not have happened, or must have and has not, in words; empty when the soak is passed. */
  broken: string[];
}

/** The patterns under which no order may come to harm, whatever breaks. */
const careful: Record<string, string> = {
  checkout: 'events',
  outbox: 'on',
  saga: 'compensate',
  'idempotency-key': 'on',
  'idempotent-consumer': 'on',
  delivery: 'dead-letter',
  stock: 'atomic',
};
/** Faults at once. */
const atOnce = 3;
const everyMs = 4_000;
const settlesWithinMs = 180_000;

/** What each count of the ledger means when it is not 0. */
const harm: Partial<Record<keyof Ledger, string>> = {
  chargedTwice: 'orders charged twice',
  oversold: 'items oversold',
  acceptedNeverCharged: 'orders accepted and never charged',
  chargedNeverAccepted: 'orders charged and never accepted',
  inDoubt: 'orders in doubt',
  mailsTwice: 'mails sent twice',
};

/**
 * Random faults on a shop under load, several at once; then all is stopped, the last orders are decided, and what customers got is
 * counted from the databases.
 *
 * @throws Error when the shop does not start, or faults do not end
 */
export async function soak({ minutes, rate, seed, onFault }: SoakOptions): Promise<SoakResult> {
  await buildPage(root, process.execPath, createPhases(process.stdout));
  const product = await startProduct();
  try {
    const api = labApi(product.url);
    const patterns = await choose(api);
    await api.send('PUT', '/api/load', { rate });
    const customer = await OwnCustomer.come(product.kubeconfig);
    const startedAt = Date.now();
    const end = startedAt + minutes * 60_000;
    const [faults] = await Promise.all([breakUntil(api, end, seed, onFault), orderUntil(customer, end)]);
    const customers = await customersSince(api, startedAt);

    const { remaining } = await api.send<StopAllResult>('DELETE', '/api/faults');
    await api.send('POST', '/api/faults/release');
    await api.send('PUT', '/api/load', { rate: 0 });
    const stoppedAt = Date.now();
    let ledger: Ledger;
    const settledMs = await until(async () => {
      ledger = await api.get<Ledger>('/api/ledger');
      const counted = ledger.countedAt > stoppedAt + 5_000; // what was under way is in it
      return counted && ledger.toBePaid === 0 && ledger.inDoubt === 0 && (await undecided(product)) === 0;
    }, settlesWithinMs).catch(() => settlesWithinMs);
    customer.leave();
    const own = { acknowledged: customer.acknowledged.length, lost: await lost(product, customer.acknowledged) };
    const broken = [
      ...gapsOf(faults, own.acknowledged),
      ...remaining.map((fault) => `${fault} is left`),
      ...Object.entries(harm).flatMap(([count, what]) => {
        const number = ledger![count as keyof Ledger];
        return number === 0 ? [] : [`${number} ${what}`];
      }),
      ...(own.lost.length > 0 ? [`${own.lost.length} acknowledged orders lost`] : []),
      ...(settledMs >= settlesWithinMs ? [`orders undecided after ${settlesWithinMs / 1_000} s`] : []),
    ];
    return {
      ...{ startedAt, minutes, rate, seed, patterns, faults, customers },
      ...{ ledger: ledger!, own, settledMs, broken },
    };
  } finally {
    await product.stop();
  }
}

/** Switches the careful patterns on, and waits for their pods. */
async function choose(api: LabApi): Promise<Record<string, string>> {
  await api.send('PUT', '/api/patterns', { patterns: careful });
  const chosen = async () => (await api.get<{ patterns: Pattern[] }>('/api/patterns')).patterns;
  await until(async () => (await chosen()).every(({ rolling }) => !rolling), 120_000);
  return Object.fromEntries((await chosen()).map(({ id, selected }) => [id, selected]));
}

async function breakUntil(
  api: LabApi,
  end: number,
  seed: number,
  onFault: SoakOptions['onFault'],
): Promise<FaultRun[]> {
  const done: FaultRun[] = [];
  const under = new Set<Promise<void>>();
  for (const draw of draws(Math.ceil((end - Date.now()) / everyMs), seed)) {
    while (under.size >= atOnce) await Promise.race(under);
    if (Date.now() > end) break;
    const run: Promise<void> = runFault(api, draw)
      .then((fault) => {
        if (!fault) return;
        done.push(fault);
        onFault(fault);
      })
      .finally(() => under.delete(run));
    under.add(run);
    await delay(Math.min(everyMs, Math.max(0, end - Date.now())));
  }
  await Promise.all(under);
  return done;
}

async function orderUntil(customer: OwnCustomer, end: number): Promise<void> {
  while (Date.now() < end) {
    await customer.order();
    await delay(100);
  }
}

async function customersSince(api: LabApi, since: number): Promise<SignalPoint[]> {
  const seconds = Math.min(900, Math.ceil((Date.now() - since) / 1_000));
  const { series } = await api.get<{ series: SignalSeries[] }>(`/api/signals?id=customer&seconds=${seconds}`);
  return series[0]?.points ?? [];
}

async function undecided({ kubeconfig }: Product): Promise<number> {
  const sql = "SELECT count(*) FROM orders WHERE status NOT IN ('accepted', 'failed')";
  return Number((await queryOrders<{ count: string }>(kubeconfig, sql))[0]?.count);
}

async function lost({ kubeconfig }: Product, ids: string[]): Promise<string[]> {
  const sql = "SELECT id FROM orders WHERE status IN ('accepted', 'failed') AND id = ANY($1::uuid[])";
  const known = new Set((await queryOrders<{ id: string }>(kubeconfig, sql, [ids], 10_000)).map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}
