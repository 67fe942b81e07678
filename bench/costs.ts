import { setTimeout as delay } from 'node:timers/promises';
import { startProduct, type Product } from '../launch/product.ts';
import type { Frame, Load } from '../server/contract/frame.ts';
import type { SignalPoint, SignalSeries } from '../server/contract/signals.ts';
import { labelOf } from '../server/desired-state/options.ts';
import { patterns } from '../server/desired-state/patterns.ts';
import { costTable, type Cost, type Measured } from './cost-table.ts';
import { figureTable, writeSection } from './document.ts';
import { median, row, type Figure } from './figure.ts';
import { labApi, until, type LabApi } from './lab-api.ts';
import { watchOthers } from './others.ts';
import { measureMemory } from './memory.ts';
import { shopUse } from './shop-use.ts';

const rate = 60;
/** New processes compile what they run; those of the baseline are as new as those of the option. */
const settleMs = 2_500;
const measuredSeconds = 6;
const rollsWithinMs = 180_000;
/** No option is begun after so long; those left are told. */
const withinMs = 11 * 60_000;
const memoryRuns = 3;

/** Of options that differ from one that is measured only in what happens when something fails, or waits. */
const alike = new Set(['timeout 3s', 'retries naive', 'log-delivery buffered-newest', 'thumbnails keep-warm']);
/** What a service does with a request says nothing of these. */
const ofChanges = 'Every change';
/** Numbers that bring something to run. */
const numbers: Record<string, string> = { canary: '50' };
/** Of a pattern, or an option of it, what it does nothing without, where its `needs` cannot say it. */
const moreNeeds: Record<string, Record<string, string>> = {
  'autoscaling queue-depth': { checkout: 'events' },
  'log-delivery': { 'log-collection': 'sidecar' },
};

/** Of each pattern what takes most. */
const everything: Record<string, string> = {
  ...{ timeout: '500ms', retries: 'backoff', 'retry-budget': '20', 'circuit-breaker': 'sidecar' },
  ...{ bulkhead: 'on', fallback: 'charge-later', 'load-shedding': 'on', 'idempotency-key': 'on', saga: 'compensate' },
  ...{ checkout: 'events', delivery: 'dead-letter', 'idempotent-consumer': 'on', outbox: 'on' },
  ...{
    gateway: 'two',
    canary: '50',
    'token-check': 'services',
    'rate-limit': 'per-client',
    'response-shaping': 'slim',
  },
  ...{ 'log-collection': 'sidecar', 'log-delivery': 'buffered', thumbnails: 'keep-warm', autoscaling: 'cpu' },
  'policy-check': 'enforce',
};

interface Choice {
  pattern: string;
  option: string;
  what: string;
  given: Record<string, string>;
}

/** What each pattern costs against the same shop without it, the two in turn; and the memory of the default and of everything at once. */
export async function benchCosts(): Promise<void> {
  const others = await watchOthers();
  const product = await startProduct();
  try {
    const api = labApi(product.url);
    await api.send('PUT', '/api/load', { rate });
    await until(async () => (await api.get<Load>('/api/load')).sent >= 0.9 * rate, 30_000);
    const { costs, left } = await costsOf(product, api, performance.now() + withinMs);
    const memory = await memoryOf(product, api);
    for (const figure of memory) process.stdout.write(`${row(figure)}\n`);
    const how = `At ${rate} requests a second, a third of them orders. CPU and memory are those of the cluster with all that runs in it, without load
generator and lab server; each window is ${measuredSeconds} s, with one of the same shop without the pattern before and after it, whose mean stands left of the
arrow. Under “switched” is the time until every pod runs with it (< 5 s wanted). ${await others()}${left.length > 0 ? ` Not measured, for want of time: ${left.join(', ')}.` : ''}`;
    const all = `Everything at once is ${wordsOf(everything)}.`;
    writeSection('bench -- costs', `${how}\n\n${costTable(costs)}\n\n${all}\n\n${figureTable(memory)}`);
  } finally {
    await product.stop();
  }
}

async function memoryOf(product: Product, api: LabApi): Promise<Figure[]> {
  await choose(api, {});
  const [byDefault] = await measureMemory(product, rate, memoryRuns);
  await choose(api, everything);
  const [all] = await measureMemory(product, rate, memoryRuns);
  const named = (figure: Figure, name: string, wanted: string) => ({
    ...figure,
    what: `${figure.what}, ${name}`,
    wanted,
  });
  return [
    ...(byDefault ? [named(byDefault, 'by default', '<= 700 MB')] : []),
    ...(all ? [named(all, 'everything at once', '<= 1 200 MB')] : []),
  ];
}

/** Options that do something on what the same others bring are measured one after the other: their baselines are shared. */
async function costsOf(product: Product, api: LabApi, deadline: number): Promise<{ costs: Cost[]; left: string[] }> {
  const costs: Cost[] = [];
  const left: string[] = [];
  let given: Record<string, string> = {};
  let without: Measured | undefined;
  for (const choice of await choices(api)) {
    if (performance.now() > deadline) {
      left.push(choice.what);
      continue;
    }
    if (!without || wordsOf(given) !== wordsOf(choice.given)) {
      given = choice.given;
      await choose(api, given);
      without = await measure(product, api);
    }
    const switchedMs = await choose(api, { ...given, [choice.pattern]: choice.option });
    const withIt = await measure(product, api);
    await choose(api, given);
    const after = await measure(product, api);
    const cost: Cost = {
      what: choice.what,
      given: wordsOf(given),
      without: [without, after],
      with: [withIt],
      switchedMs,
    };
    without = after;
    costs.push(cost);
    process.stdout.write(`${costTable([cost]).split('\n').at(-1)}\n`);
  }
  return { costs, left };
}

async function choices(api: LabApi): Promise<Choice[]> {
  const { patterns: shown } = await api.get<Pick<Frame, 'patterns'>>('/api/patterns');
  const all = shown.flatMap((pattern): Choice[] => {
    const { id: of, title, place, options, number } = pattern;
    if (place === ofChanges) return [];
    const known = number ? [numbers[of]].filter((value) => value !== undefined) : options.flatMap(offered);
    const wanted = known.filter((option) => option !== pattern.default && !alike.has(`${of} ${option}`));
    const { needs } = patterns.find(({ id }) => id === of)!;
    return wanted.map((option) => ({
      ...{ pattern: of, option, what: `${title}: ${labelOf(pattern, option)}` },
      given: { ...needs, ...moreNeeds[of], ...moreNeeds[`${of} ${option}`] },
    }));
  });
  return all.toSorted((a, b) => wordsOf(a.given).localeCompare(wordsOf(b.given)));
}

/** `checkout events, outbox on`; nothing of the default. */
const wordsOf = (selections: Record<string, string>) =>
  Object.entries(selections)
    .map((choice) => choice.join(' '))
    .join(', ');

const offered = ({ id, unavailable }: { id: string; unavailable?: string | undefined }) => (unavailable ? [] : [id]);

/** @returns ms from asking to every pod running with it */
async function choose(api: LabApi, selections: Record<string, string>): Promise<number> {
  const since = performance.now();
  await api.send('PUT', '/api/patterns', { patterns: selections });
  await until(
    async () => {
      const { patterns } = await api.get<Pick<Frame, 'patterns'>>('/api/patterns');
      return patterns.every(({ rolling }) => !rolling);
    },
    rollsWithinMs,
    50,
  );
  return performance.now() - since;
}

/** Whole seconds, by the clock that the seconds of a series are of. */
async function measure(product: Product, api: LabApi): Promise<Measured> {
  await delay(settleMs);
  await delay(1_000 - (Date.now() % 1_000));
  const from = Math.round(Date.now() / 1_000);
  const before = await shopUse(product);
  await delay((from + measuredSeconds) * 1_000 - Date.now());
  const after = await shopUse(product);
  const [all, orders] = await Promise.all(
    ['customer', 'customer POST /api/orders'].map((id) => points(api, id, from, from + measuredSeconds)),
  );
  const placed = orders!.reduce((sum, { count, errors }) => sum + count - errors, 0);
  return {
    cpuMsPerOrder: (after.cpuMs - before.cpuMs) / placed,
    p50: median(all!.flatMap(({ p50 }) => p50 ?? [])),
    megabytes: after.megabytes,
  };
}

/** The seconds [from, to), once they have been reported. */
async function points(api: LabApi, id: string, from: number, to: number): Promise<SignalPoint[]> {
  let found: SignalPoint[] = [];
  await until(async () => {
    const path = `/api/signals?id=${encodeURIComponent(id)}&seconds=${measuredSeconds + 10}`;
    const all = (await api.get<{ series: SignalSeries[] }>(path)).series[0]?.points ?? [];
    found = all.filter(({ t }) => t >= from && t < to);
    return (all.at(-1)?.t ?? 0) >= to;
  }, 20_000);
  return found;
}
