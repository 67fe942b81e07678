import { setTimeout as delay } from 'node:timers/promises';
import { startProduct } from '../launch/product.ts';
import type { Frame, Load } from '../server/contract/frame.ts';
import { figureTable, writeSection } from './document.ts';
import { row } from './figure.ts';
import { labApi, until, type LabApi } from './lab-api.ts';
import { watchOthers } from './others.ts';

const runs = 3;
/** Requests a second at which a search begins, and how near it comes, as a share of the rate. */
const first = 50;
const near = 0.08;
const warmUpMs = 3_000;
const measuredMs = 8_000;
/** What customers are to get: so many answers within 250 ms, a bound of the histogram; and so many failures at most. */
const wanted = { quick: 0.95, errors: 0.01 };
const quickBucket = '0.25';
const drainedWithinMs = 60_000;

/**
 * The highest rate at which customers are served well by the shop as it is by default. They come by the clock whatever becomes of
 * those before; what they wait is counted from the moment each was due, and an arrival that was not sent is a failure.
 */
export async function benchCapacity(): Promise<void> {
  const others = await watchOthers();
  const product = await startProduct();
  try {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(await highestRate(product.url));
    const what = 'Highest rate with p95 < 250 ms and < 1 % errors, as customers see it';
    const figure = { what, unit: 'req/s', values };
    process.stdout.write(`${row(figure)}\n`);
    const how = `Each run doubles the rate from ${first} until customers are not served so, then halves the distance; a level is ${measuredMs / 1_000} s
after a warm-up of ${warmUpMs / 1_000} s. A third of the requests are orders. Load generator, lab server and cluster share the processors with the shop. ${await others()}`;
    writeSection('bench -- capacity', `${how}\n\n${figureTable([figure])}`);
  } finally {
    await product.stop();
  }
}

/** Doubling, then bisection. */
async function highestRate(url: string): Promise<number> {
  const api = labApi(url);
  const { max } = await api.get<Load>('/api/load');
  let holds = 0;
  let fails = Infinity;
  while (holds < max && fails - holds > near * holds) {
    const rate = fails === Infinity ? Math.min(max, 2 * holds || first) : Math.round((holds + fails) / 2);
    if (await isServed(url, api, rate)) holds = rate;
    else fails = rate;
  }
  return holds;
}

async function isServed(url: string, api: LabApi, rate: number): Promise<boolean> {
  await api.send('PUT', '/api/load', { rate });
  await delay(warmUpMs);
  const before = await customersSoFar(url);
  await delay(measuredMs);
  const after = await customersSoFar(url);
  const ended = after.all - before.all;
  const quick = (after.quick - before.quick) / ended;
  const errors = (after.errors - before.errors) / ended;
  const good = quick >= wanted.quick && errors < wanted.errors;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  process.stdout.write(
    `  ${good ? '✓' : '✗'} ${rate} req/s: ${percent(quick)} within 250 ms, ${percent(errors)} errors\n`,
  );
  if (!good) await drain(api);
  return good;
}

/** Until those who still wait from a level that was too high have their answers. */
async function drain(api: LabApi): Promise<void> {
  await api.send('PUT', '/api/load', { rate: first / 5 });
  await until(async () => {
    const { open, p95 } = (await api.get<Frame>('/api/state')).customer;
    return (open ?? 0) < first / 5 && (p95 ?? 0) < 250;
  }, drainedWithinMs);
}

/** Of all customers since the server started: requests that ended or were not sent, those with an answer in time, and failures. */
async function customersSoFar(url: string): Promise<{ all: number; quick: number; errors: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string, label: string) =>
    [...text.matchAll(/^(\w+)\{(.*)\} (\d+)$/gm)]
      .filter(([, metric, labels]) => metric === name && labels!.includes(label))
      .reduce((total, [, , , value]) => total + Number(value), 0);
  const all = sum('breakwater_customer_requests_total', '');
  return {
    all,
    quick: sum('breakwater_customer_duration_seconds_bucket', `le="${quickBucket}"`),
    errors: all - sum('breakwater_customer_requests_total', 'outcome="ok"'),
  };
}
