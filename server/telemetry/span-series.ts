import { Listeners } from './listeners.ts';
import { CUSTOMER } from './measured-calls.ts';
import type { CustomerCall, EdgeCall } from './measured-calls.ts';
import type { SeriesBudget } from './series-budget.ts';
import { SeriesStore } from './series-store.ts';
import { edgeOf, handlesMessage } from './span-edge.ts';
import { isCustomers, isRetry, operationOf, rejectedBy } from './span.ts';
import type { Span } from './span.ts';

/** Makes series of spans: one for each service, edge and operation. Whether the spans are kept is of no concern here. */
export class SpanSeries {
  readonly store: SeriesStore;
  readonly edgeCalls = new Listeners<EdgeCall>();
  readonly customerCalls = new Listeners<CustomerCall>();
  /** Services whose routes get series of their own: `gateway POST /api/orders`. */
  entries: ReadonlySet<string> = new Set();

  constructor(budget: SeriesBudget) {
    this.store = new SeriesStore(budget);
  }

  count(spans: Span[]): void {
    const version = this.store.nextVersion();
    for (const span of spans) this.#count(span, version);
  }

  /** Requests of customers that were due and never sent. @param t Unix time in whole seconds */
  drop(t: number, count: number): void {
    this.store.series('customer', CUSTOMER).dropped(t, this.store.nextVersion(), count);
    this.customerCalls.tell({ operation: 'not sent', outcome: 'dropped', count });
  }

  inFlight(t: number, services: Map<string, number>): void {
    const version = this.store.nextVersion();
    for (const [service, count] of services) this.store.series('service', service).inFlight(t, version, count);
  }

  #count(span: Span, version: number): void {
    const t = Math.floor(span.end / 1000);
    const milliseconds = span.end - span.start;
    const timeout = span.attributes['error.type'] === 'timeout';
    const request = { milliseconds, failed: span.failed, retry: isRetry(span), timeout };
    if (span.kind === 'server') {
      this.store.series('service', span.service).request(t, version, request);
      const operation = this.entries.has(span.service) ? operationOf(span) : null;
      if (operation) this.store.series('operation', `${span.service} ${operation}`).request(t, version, request);
      return;
    }
    const rejectedEdge = rejectedBy(span);
    if (rejectedEdge) {
      const series = this.store.series('edge', rejectedEdge);
      series.rejection(t, version);
      this.edgeCalls.tell({ edge: series.id, outcome: 'rejected', milliseconds });
      return;
    }
    const outcome = timeout ? 'timeout' : span.failed ? 'error' : 'ok';
    if (isCustomers(span)) {
      this.store.series('customer', CUSTOMER).request(t, version, request);
      const series = this.store.series('customer', `${CUSTOMER} ${operationOf(span) ?? 'other'}`);
      series.request(t, version, request);
      // As it was admitted: what listeners keep by operation is bounded as the series are.
      const operation = series.id.slice(CUSTOMER.length + 1);
      this.customerCalls.tell({ operation, outcome, milliseconds });
    }
    if (handlesMessage(span)) this.store.series('service', span.service).request(t, version, request);
    const edge = edgeOf(span);
    if (!edge) return;
    const series = this.store.series('edge', edge.id);
    // The SDK of an object store tells of the call, and of the HTTP requests that it takes.
    if (series.protocol === 'object-store' && edge.protocol === 'http') return;
    // The series of what found no room is of no protocol.
    if (edge.protocol !== 'http' && series.id === edge.id) {
      series.protocol = edge.protocol;
      series.silent = edge.silent;
    }
    series.request(t, version, request);
    this.edgeCalls.tell({ edge: series.id, outcome, milliseconds });
  }
}
