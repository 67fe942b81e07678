import { randomBytes } from 'node:crypto';
import { MetricsRequest, TraceRequest } from '../../telemetry/otlp/messages.ts';
import { isDatabase, podOf, type LargeShop } from './large-shop.ts';

/** How often each pod sends its spans, in ms; its metrics go with every second of these. */
const everyMs = 250;
/** Calls that one of a customer's requests leads to at most, and how many a service makes of those it may. */
const maxCalls = 12;
const maxCallees = 2;

type Value = string | number | boolean;
const attribute = ([key, value]: [string, Value]) => ({
  key,
  value:
    typeof value === 'boolean'
      ? { boolValue: value }
      : typeof value === 'string'
        ? { stringValue: value }
        : { intValue: value },
});
const attributesOf = (values: Record<string, Value>) => Object.entries(values).map(attribute);

/**
 * The telemetry of a shop under load, sent to `url` by OTLP as its pods would: each its spans four times a second, its metrics
 * twice. Rates, latencies and queues move all the time, as those of a real one do.
 */
export class ShopTraffic {
  readonly #url: string;
  readonly #shop: LargeShop;
  readonly #rate: number;
  readonly #spans = new Map<string, object[]>();
  readonly #timer: NodeJS.Timeout;
  readonly #begun = Date.now();
  #sent = 0;
  #turn = 0;
  /** Of the last batch that was not taken. */
  problem: unknown = null;

  /** @param rate requests of customers a second */
  constructor(url: string, shop: LargeShop, rate: number) {
    this.#url = url;
    this.#shop = shop;
    this.#rate = rate;
    this.#timer = setInterval(() => this.#tick(), everyMs / shop.services.length);
  }

  /** As if it had been so for some time: sends the spans of the last `seconds`, and resolves when they are taken in. */
  async past(seconds: number): Promise<void> {
    for (let second = seconds; second > 0; second--) {
      for (let i = 0; i < this.#rate; i++) this.#request(Date.now() - (second - i / this.#rate) * 1000);
      await Promise.all([...this.#spans.keys()].map((service) => this.#sendSpans(service)));
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = Date.now();
    for (; this.#sent < ((now - this.#begun) / 1000) * this.#rate; this.#sent++) this.#request(now);
    // Timers are late: the pods' turns follow the clock.
    for (const { length } = this.#shop.services; this.#turn < ((now - this.#begun) / everyMs) * length; this.#turn++) {
      const service = this.#shop.services[this.#turn % length]!;
      void this.#sendSpans(service);
      if (Math.floor(this.#turn / length) % 2 === 0) this.#sendMetrics(service, now);
    }
  }

  #request(end: number): void {
    const traceId = randomBytes(16);
    let calls = 0;
    const call = (source: string, parentSpanId: Uint8Array, until: number): number => {
      const callees = (this.#shop.calls.get(source) ?? []).toSorted(() => Math.random() - 0.5);
      let took = Math.exp(Math.random() * 3);
      for (const callee of callees.slice(0, maxCallees)) {
        if (calls++ >= maxCalls) break;
        const [client, server] = [randomBytes(8), randomBytes(8)];
        const inside = call(callee, server, until - Math.random() * 2);
        const failed = Math.random() < 0.01;
        const shared = { traceId, endTimeUnixNano: until * 1e6, startTimeUnixNano: (until - inside) * 1e6 };
        this.#add(source, { ...shared, ...clientSpan(source, callee, failed), parentSpanId, spanId: client });
        if (!isDatabase(callee))
          this.#add(callee, { ...shared, ...serverSpan(callee, failed), parentSpanId: client, spanId: server });
        took += inside;
      }
      return took;
    };
    call('loadgen', new Uint8Array(), end);
  }

  #add(service: string, span: object): void {
    const spans = this.#spans.get(service);
    if (spans) spans.push(span);
    else this.#spans.set(service, [span]);
  }

  async #sendSpans(service: string): Promise<void> {
    const spans = this.#spans.get(service);
    if (!spans) return;
    this.#spans.delete(service);
    const resourceSpans = [{ resource: resourceOf(service), scopeSpans: [{ spans }] }];
    await this.#post('/v1/traces', TraceRequest.encode(TraceRequest.fromObject({ resourceSpans })).finish());
  }

  #sendMetrics(service: string, now: number): void {
    const open = Math.floor(Math.random() * 20);
    const gauge = (name: string, value: number, attributes: Record<string, Value> = {}) => ({
      name,
      gauge: { dataPoints: [{ timeUnixNano: now * 1e6, asInt: value, attributes: attributesOf(attributes) }] },
    });
    const pool = { 'pool.name': 'workers' };
    const metrics =
      service === 'loadgen'
        ? [
            gauge('loadgen.rate', this.#rate),
            gauge('loadgen.sent', this.#sent),
            gauge('loadgen.open', open),
            gauge('loadgen.oldest_request_age', Math.floor(Math.random() * 100)),
          ]
        : [
            gauge('http.server.active_requests', open),
            gauge('http.server.oldest_request_age', Math.floor(Math.random() * 100)),
            gauge('pool.size', 16, pool),
            gauge('pool.used', Math.min(open, 16), pool),
            gauge('pool.waiting', Math.max(open - 16, 0), pool),
          ];
    if (isDatabase(service)) return;
    const resourceMetrics = [{ resource: resourceOf(service), scopeMetrics: [{ metrics }] }];
    void this.#post('/v1/metrics', MetricsRequest.encode(MetricsRequest.fromObject({ resourceMetrics })).finish());
  }

  async #post(path: string, body: Uint8Array): Promise<void> {
    const headers = { 'content-type': 'application/x-protobuf' };
    try {
      const answer = await fetch(this.#url + path, { method: 'POST', headers, body: body as BodyInit });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    } catch (error) {
      this.problem = error;
    }
  }
}

function resourceOf(service: string) {
  const attributes = { 'service.name': service, 'k8s.namespace.name': 'shop', 'k8s.pod.name': podOf(service) };
  return { attributes: attributesOf(attributes) };
}

function clientSpan(source: string, callee: string, failed: boolean) {
  if (isDatabase(callee)) {
    const attributes = { 'db.system.name': 'postgresql', 'server.address': callee, 'db.query.text': 'SELECT 1' };
    return { name: 'pg.query:SELECT', kind: 3, attributes: attributesOf(attributes) };
  }
  const attributes = {
    ...(source === 'loadgen' && { 'breakwater.customer': true, 'url.template': '/api/orders' }),
    ...{ 'http.request.method': 'POST', 'url.full': `http://${callee}:8080/${callee}`, 'server.address': callee },
    'http.response.status_code': failed ? 503 : 200,
  };
  return { name: 'POST', kind: 3, attributes: attributesOf(attributes) };
}

function serverSpan(callee: string, failed: boolean) {
  const attributes = {
    ...{ 'http.request.method': 'POST', 'http.route': `/${callee}`, 'url.path': `/${callee}` },
    'http.response.status_code': failed ? 503 : 200,
  };
  return { name: `POST /${callee}`, kind: 2, attributes: attributesOf(attributes) };
}
