import { Listeners } from './listeners.ts';
import { MessageLinks } from './message-links.ts';
import type { Sender } from './message-links.ts';
import { CUSTOMER } from './measured-calls.ts';
import type { CustomerCall, EdgeCall } from './measured-calls.ts';
import type { SeriesBudget } from './series-budget.ts';
import { SeriesStore } from './series-store.ts';
import { edgeOf, handledEdge, handledSomewhere, handlesMessage, senderOf } from './span-edge.ts';
import type { Edge, HandledMessage } from './span-edge.ts';
import type { Request } from './series.ts';
import { isCustomers, isRetry, operationOf, rejectedBy } from './span.ts';
import type { Span } from './span.ts';

/** Makes series of spans: one for each service, edge and operation. Whether the spans are kept is of no concern here. */
export class SpanSeries {
  readonly store: SeriesStore;
  readonly edgeCalls = new Listeners<EdgeCall>();
  readonly customerCalls = new Listeners<CustomerCall>();
  /** Services whose routes get series of their own: `gateway POST /api/orders`. */
  entries: ReadonlySet<string> = new Set();
  readonly #links = new MessageLinks();

  constructor(budget: SeriesBudget) {
    this.store = new SeriesStore(budget);
  }

  /** @param now Unix time in ms */
  count(spans: Span[], now: number): void {
    const version = this.store.nextVersion();
    for (const span of spans) {
      const sender = senderOf(span);
      if (sender) this.#links.sent(span.spanId, sender);
    }
    for (const span of spans) this.#count(span, version, now);
    this.#links.giveUp(now);
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

  #count(span: Span, version: number, now: number): void {
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
    if (isCustomers(span)) {
      this.store.series('customer', CUSTOMER).request(t, version, request);
      const series = this.store.series('customer', `${CUSTOMER} ${operationOf(span) ?? 'other'}`);
      series.request(t, version, request);
      // As it was admitted: what listeners keep by operation is bounded as the series are.
      const operation = series.id.slice(CUSTOMER.length + 1);
      this.customerCalls.tell({ operation, outcome: outcomeOf(request), milliseconds });
    }
    if (handlesMessage(span)) this.store.series('service', span.service).request(t, version, request);
    const message = handledSomewhere(span);
    if (message)
      this.#findSender(message, span, now, (edge) => this.#countEdge(edge, t, this.store.nextVersion(), request));
    else this.#countEdge(edgeOf(span), t, version, request);
  }

  /** A consumer is linked to the spans that sent what it handles, or stands below one of them. They may come later. */
  #findSender(
    message: HandledMessage,
    { links, parentId }: Span,
    now: number,
    count: (edge: Edge | null) => void,
  ): void {
    const ids = [...links.map(({ spanId }) => spanId), ...(parentId === null ? [] : [parentId])];
    const known = ids.map((id) => this.#links.known(id)).filter((sender) => sender !== undefined);
    const first = links[0];
    if (known.length === 0 && first) {
      this.#links.wait(first.spanId, now, (sender) => count(handledEdge(message, sender)));
      return;
    }
    const senders: (Sender | null)[] = known.length > 0 ? known : [null];
    const edges = senders.map((sender) => handledEdge(message, sender));
    for (const edge of new Map(edges.map((edge) => [edge?.id, edge])).values()) count(edge);
  }

  #countEdge(edge: Edge | null, t: number, version: number, request: Request): void {
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
    const { milliseconds } = request;
    this.edgeCalls.tell({ edge: series.id, outcome: outcomeOf(request), milliseconds });
  }
}

function outcomeOf({ timeout, failed }: Request): 'ok' | 'error' | 'timeout' {
  return timeout ? 'timeout' : failed ? 'error' : 'ok';
}
