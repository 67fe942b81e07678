import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DDSketch } from '@datadog/sketches-js';
import { record } from './latency-histogram.ts';
import type { Bins } from './latency-histogram.ts';
import { TraceRequest } from './otlp/messages.ts';
import { receiveOtlp } from './otlp/receiver.ts';
import { Telemetry } from './telemetry.ts';

export interface IngestFigures {
  /** Spans a second that one core takes in, from OTLP bytes to series and traces. */
  spansPerSecond: number;
  /** Share of one core at 1 000 spans a second. */
  coreShareAt1000: number;
  /** Heap and buffers after 15 minutes of 60 requests a second, ten spans each. */
  megabytesPer15Minutes: number;
  tracesKept: number;
  traceMegabytes: number;
  /** What one second of 20 requests takes in our bins and in the library's sketch. */
  bytesPerSecondOfSeries: { bins: number; sketch: number };
}

const REQUESTS_PER_SECOND = 60;
const SECONDS = 900;
const HEADERS = new Headers({ 'content-type': 'application/x-protobuf' });

// Figures of memory mean nothing with garbage in them, and nobody starts a benchmark with --expose-gc.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Takes in 15 minutes of the shop's traffic (540 000 spans) as fast as it can. */
export async function run(): Promise<IngestFigures> {
  let now = Date.now() - SECONDS * 1000;
  const telemetry = new Telemetry({ clock: () => now });
  const before = memory();
  let spent = 0;
  for (let second = 0; second < SECONDS; second++) {
    now += 1000;
    const batches = Array.from({ length: 4 }, () => encodeBatch(now, REQUESTS_PER_SECOND / 4));
    const start = process.cpuUsage();
    for (const body of batches) {
      const request = { method: 'POST', path: '/v1/traces', headers: HEADERS, body: once(body) };
      const { status } = await receiveOtlp(request, telemetry);
      if (status !== 200) throw new Error(`ingest answered ${status}`);
    }
    const used = process.cpuUsage(start);
    spent += (used.user + used.system) / 1e6;
  }
  const spans = SECONDS * REQUESTS_PER_SECOND * SPANS.length;
  const { traces, bytes } = telemetry.scope('default').traceUsage();
  return {
    spansPerSecond: Math.round(spans / spent),
    coreShareAt1000: (1000 * spent) / spans,
    megabytesPer15Minutes: (memory() - before) / 1e6,
    tracesKept: traces,
    traceMegabytes: bytes / 1e6,
    bytesPerSecondOfSeries: compareSketches(),
  };
}

/** One order through the shop: service, kind, server.address, name. */
const SPANS: [service: string, kind: number, address: string | null, name: string][] = [
  ['loadgen', 3, 'gateway', 'POST /api/orders'],
  ['gateway', 2, null, 'POST /api/orders'],
  ['gateway', 3, 'orders', 'POST'],
  ['orders', 2, null, 'POST /orders'],
  ['orders', 3, 'inventory', 'POST'],
  ['inventory', 2, null, 'POST /reservations'],
  ['inventory', 3, 'postgres', 'pg.query:UPDATE inventory'],
  ['orders', 3, 'payments', 'POST'],
  ['payments', 2, null, 'POST /charges'],
  ['payments', 3, 'bank', 'POST'],
];

function encodeBatch(now: number, requests: number): Uint8Array {
  const byService = new Map<string, object[]>();
  for (let request = 0; request < requests; request++) {
    const traceId = randomBytes(16);
    const duration = 20 + Math.random() * 60;
    let parentSpanId: Uint8Array = new Uint8Array();
    for (const [service, kind, address, name] of SPANS) {
      const spanId = randomBytes(8);
      const start = now - Math.random() * 250 - duration;
      const attributes = Object.entries({
        'http.request.method': 'POST',
        'url.full': `http://${address ?? service}:8080/${name}`,
        'http.route': kind === 2 ? name.slice(5) : '',
        'server.address': address ?? service,
        'network.protocol.version': '1.1',
        'network.peer.address': '10.244.1.17',
      }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
      attributes.push({ key: 'http.response.status_code', value: { intValue: 200 } as never });
      const times = { startTimeUnixNano: start * 1e6, endTimeUnixNano: (start + duration) * 1e6 };
      const span = { traceId, spanId, parentSpanId, name, kind, ...times, attributes };
      byService.set(service, [...(byService.get(service) ?? []), span]);
      parentSpanId = spanId;
    }
  }
  const resourceSpans = [...byService].map(([service, spans]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [{ spans }],
  }));
  return TraceRequest.encode(TraceRequest.fromObject({ resourceSpans })).finish();
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function memory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function compareSketches(): { bins: number; sketch: number } {
  const count = 2000;
  const samples = () => Array.from({ length: 20 }, () => 10 + Math.exp(Math.random() * 4));
  const measure = (make: () => object): number => {
    const before = memory();
    const kept = Array.from({ length: count }, make);
    return Math.round((memory() - before) / kept.length);
  };
  return {
    bins: measure(() => samples().reduce<Bins>((bins, value) => (record(bins, value), bins), [])),
    sketch: measure(() =>
      samples().reduce((sketch, value) => (sketch.accept(value), sketch), new DDSketch({ relativeAccuracy: 0.01 })),
    ),
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
