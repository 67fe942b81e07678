import { setTimeout as delay } from 'node:timers/promises';
import type { Show } from '../server/contract/stream.ts';
import type { Topology } from '../server/contract/topology.ts';
import { runStream, type RunningStream } from '../server/stream/testing/running-stream.ts';
import { row, type Figure } from './figure.ts';
import { labApi } from './lab-api.ts';
import { StreamPage, topologyAndCharts, wholePage } from './stream-page.ts';

const viewers = 200;
const seconds = 5;
/** A chart shows 90 s, and the snapshot brings them. */
const pastSeconds = 100;
/** By then rates, latencies and queues are those of now. */
const warmSeconds = 8;

/**
 * What the stream costs, of a shop under load: bytes on a page's TCP connection (WebSocket frames with their headers, and the
 * handshake; not those of TCP and IP), and the CPU of the whole lab server while it takes in that shop's telemetry too.
 */
export async function measureStream(runs: number): Promise<Figure[]> {
  return [...(await measureSmall(runs)), ...(await measureLarge(runs))];
}

async function measureSmall(runs: number): Promise<Figure[]> {
  return withStream({ services: 16, edges: 40 }, async (stream) => {
    const of = '16 services, 40 edges, 100 requests a second';
    const snapshots = await repeat(runs, () => firstBytes(stream, wholePage));
    const shown = await bytesPerSecond(stream, topologyAndCharts, runs);
    const whole = await bytesPerSecond(stream, wholePage, runs);
    const alone = await cores(stream, runs);
    const pages = await Promise.all(Array.from({ length: viewers }, () => StreamPage.open(stream.url, wholePage)));
    const watched = await cores(stream, runs);
    const left = pages.filter(({ connected }) => connected).length;
    if (left < viewers) throw new Error(`${viewers - left} of ${viewers} pages were cut off`);
    await Promise.all(pages.map((page) => page.close()));
    return [
      { what: `Stream, ${of}: first message of a whole page`, unit: 'B', values: snapshots, wanted: '<= 60 000 B' },
      { what: 'Stream to a page with topology and four charts', unit: 'B/s', values: shown, wanted: '<= 12 000 B/s' },
      { what: 'Stream to a page with all that there is', unit: 'B/s', values: whole },
      { what: 'Lab server under that telemetry, nobody watching', unit: 'cores', values: alone },
      { what: `Lab server, ${viewers} pages watching all`, unit: 'cores', values: watched, wanted: '< 1 core' },
    ];
  });
}

async function measureLarge(runs: number): Promise<Figure[]> {
  return withStream({ services: 60, edges: 200 }, async (stream) => {
    const values = await bytesPerSecond(stream, topologyAndCharts, runs);
    const what = 'Stream, 60 services, 200 edges: to a page with topology and four charts';
    return [{ what, unit: 'B/s', values, wanted: '<= 60 000 B/s' }];
  });
}

async function withStream<T>(
  shop: { services: number; edges: number },
  measure: (stream: RunningStream) => Promise<T>,
): Promise<T> {
  const stream = await runStream({ ...shop, rate: 100 });
  try {
    await stream.traffic.past(pastSeconds);
    await delay(warmSeconds * 1000);
    const { edges } = await labApi(stream.url).get<Topology>('/api/topology');
    if (edges.length !== shop.edges) throw new Error(`There are ${edges.length} edges, not ${shop.edges}.`);
    const result = await measure(stream);
    if (stream.traffic.problem) throw new Error('The telemetry was not taken in.', { cause: stream.traffic.problem });
    return result;
  } finally {
    await stream.close();
  }
}

async function repeat<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < times; i++) results.push(await run());
  return results;
}

async function firstBytes({ url }: RunningStream, show: Show): Promise<number> {
  await delay(1000); // each of another second
  const page = await StreamPage.open(url, show);
  await page.close();
  return page.firstBytes;
}

async function bytesPerSecond({ url }: RunningStream, show: Show, runs: number): Promise<number[]> {
  const page = await StreamPage.open(url, show);
  const values = await repeat(runs, () => perSecond(async () => page.bytes));
  await page.close();
  return values;
}

/** CPU seconds a second of the server's process. */
function cores(stream: RunningStream, runs: number): Promise<number[]> {
  return repeat(runs, () => perSecond(async () => (await stream.ask()).cpuMs / 1000));
}

/** How fast a count grows. */
async function perSecond(read: () => Promise<number>): Promise<number> {
  const [before, since] = [await read(), performance.now()];
  await delay(seconds * 1000);
  return ((await read()) - before) / ((performance.now() - since) / 1000);
}

if (import.meta.main) for (const figure of await measureStream(3)) process.stdout.write(`${row(figure)}\n`);
