import { collectDefaultMetrics, Counter, Gauge, Histogram, openMetricsContentType, Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import type { Ledger } from '../../contract/ledger.ts';
import type { BreakerState } from '../../contract/topology.ts';
import type { ScopeTelemetry } from '../../telemetry/scope-telemetry.ts';

/** Seconds; from a millisecond to the longest a call may hang. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BREAKER_VALUES: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

/** Counters are kept for as long as the server runs, while the series behind them come and go: beyond so many it is `other`. */
const MAX_OPERATIONS = 64;
const MAX_EDGES = 512;

type LedgerEntry = [name: string, help: string, read: (ledger: Ledger) => number];

/** What can only grow: an order that is accepted stays so, a second charge was made. */
const LEDGER_COUNTERS: LedgerEntry[] = [
  ['orders_accepted', 'Orders accepted', (ledger) => ledger.accepted],
  ['orders_failed', 'Orders turned away or failed', (ledger) => ledger.failed],
  ['charged_twice', 'Orders charged more than once', (ledger) => ledger.chargedTwice],
];
/** What the next reading may correct: the missing charge, or the second one, has come. */
const LEDGER_GAUGES: LedgerEntry[] = [
  ['orders_charged_once', 'Orders accepted and charged exactly once, so far', (ledger) => ledger.chargedOnce],
  ['orders_never_charged', 'Orders accepted but not charged, so far', (ledger) => ledger.acceptedNeverCharged],
  ['orders_never_accepted', 'Orders charged but not accepted, so far', (ledger) => ledger.chargedNeverAccepted],
  ['orders_to_be_paid', 'Orders accepted, the charge still on its way', (ledger) => ledger.toBePaid],
  ['orders_refunded', 'Orders whose charges were given back', (ledger) => ledger.refunded],
  ['mails_sent_twice', 'Mails that had been sent before', (ledger) => ledger.mailsTwice],
  ['orders_in_doubt', 'Orders undecided for half a minute or more', (ledger) => ledger.inDoubt],
  ['products_oversold', 'Products sold beyond their stock', (ledger) => ledger.oversold],
];

/** What `GET /metrics` answers. */
export class OpenMetrics {
  readonly contentType = openMetricsContentType;
  readonly #registry = new Registry<OpenMetricsContentType>();

  /** @param ledger the newest count of all orders, or null before the first */
  constructor(telemetry: ScopeTelemetry, ledger: () => Ledger | null) {
    this.#registry.setContentType(openMetricsContentType);
    // The types of prom-client 15 know only registries of the older text format here; both kinds work.
    const registers = [this.#registry as unknown as Registry];
    countCustomers(telemetry, registers);
    countEdges(telemetry, registers);
    showBreakers(telemetry, registers);
    countLedger(ledger, registers);
    new Gauge({
      name: 'breakwater_requests_in_flight',
      help: 'Requests being handled now, summed over the pods that report',
      labelNames: ['service'],
      registers,
      collect() {
        this.reset();
        for (const service of telemetry.services()) {
          const inFlight = telemetry.inFlight(service);
          if (inFlight !== null) this.set({ service }, inFlight);
        }
      },
    });
    new Gauge({
      name: 'breakwater_traces_bytes',
      help: 'Memory that kept traces take',
      registers,
      collect() {
        this.set(telemetry.traceUsage().bytes);
      },
    });
    collectDefaultMetrics({ register: registers[0]! });
  }

  /** OpenMetrics text, ended by `# EOF`. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** Whether a name is one of the first so many. */
function atMost(count: number): (name: string) => boolean {
  const names = new Set<string>();
  return (name) => names.has(name) || (names.size < count && Boolean(names.add(name)));
}

function countCustomers(telemetry: ScopeTelemetry, registers: Registry[]): void {
  const labelNames = ['operation', 'outcome'] as const;
  const requests = new Counter({
    name: 'breakwater_customer_requests_total',
    help: 'Requests of customers; outcome is ok, error, timeout or dropped (due, but never sent)',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'breakwater_customer_duration_seconds',
    help: 'From the moment a request was due to its answer',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const admitted = atMost(MAX_OPERATIONS);
  telemetry.onCustomerCall((call) => {
    const { outcome } = call;
    const operation = admitted(call.operation) ? call.operation : 'other';
    if (call.outcome === 'dropped') return requests.inc({ operation, outcome }, call.count);
    requests.inc({ operation, outcome });
    durations.observe({ operation, outcome }, call.milliseconds / 1000);
  });
}

function countEdges(telemetry: ScopeTelemetry, registers: Registry[]): void {
  const labelNames = ['source', 'destination', 'outcome'] as const;
  const requests = new Counter({
    name: 'breakwater_edge_requests_total',
    help: 'Calls between services as the caller saw them; outcome is ok, error, timeout or rejected (by a breaker)',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'breakwater_edge_duration_seconds',
    help: 'Duration of calls between services as the caller saw it',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const admitted = atMost(MAX_EDGES);
  telemetry.onEdgeCall(({ edge, outcome, milliseconds }) => {
    const [source, destination] = (admitted(edge) ? edge : 'other>other').split('>', 2);
    const labels = { source, destination, outcome } as Record<(typeof labelNames)[number], string>;
    requests.inc(labels);
    durations.observe(labels, milliseconds / 1000);
  });
}

function showBreakers(telemetry: ScopeTelemetry, registers: Registry[]): void {
  const labelNames = ['source', 'destination'] as const;
  new Gauge({
    name: 'breakwater_breaker_state',
    help: 'Worst state of a circuit breaker over the pods that report: 0 closed, 1 half-open, 2 open',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { source, destination, breaker } of telemetry.edges()) {
        if (breaker) this.set({ source, destination }, BREAKER_VALUES[breaker.state]);
      }
    },
  });
  const changes = new Counter({
    name: 'breakwater_breaker_transitions_total',
    help: 'Changes of a circuit breaker by the state it went into',
    labelNames: [...labelNames, 'to'],
    registers,
  });
  telemetry.onBreakerChange(({ edge, to }) => {
    const [source, destination] = edge.split('>', 2);
    changes.inc({ source, destination, to } as Record<(typeof labelNames)[number] | 'to', string>);
  });
}

/** The databases hold the count; here it is only shown. */
function countLedger(ledger: () => Ledger | null, registers: Registry[]): void {
  for (const [name, help, read] of LEDGER_COUNTERS) {
    new Counter({
      name: `breakwater_${name}_total`,
      help,
      registers,
      collect() {
        const counted = ledger();
        this.reset();
        if (counted) this.inc(read(counted));
      },
    });
  }
  for (const [name, help, read] of LEDGER_GAUGES) {
    new Gauge({
      name: `breakwater_${name}`,
      help,
      registers,
      collect() {
        const counted = ledger();
        if (counted) this.set(read(counted));
      },
    });
  }
}
