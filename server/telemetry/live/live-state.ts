import type { MetricPoint } from '../otlp/metric-points.ts';
import { Breakers } from './breakers.ts';
import { LoadReports } from './load-reports.ts';
import { PodGauges } from './pod-gauges.ts';
import { Pools } from './pools.ts';
import { Queues } from './queues.ts';

/** What a batch of metrics has brought that series are made of. */
export interface LiveChange {
  /** Requests in flight of each service that reported. */
  inFlight: Map<string, number>;
  /** Requests of customers that were given up unsent since the report before. */
  dropped: number;
}

/** What the pods of one scope say of themselves now: forgotten when they fall silent. */
export class LiveState {
  readonly breakers = new Breakers();
  readonly inFlight = new PodGauges('http.server.active_requests', (values) => values.reduce((a, b) => a + b, 0));
  readonly oldest = new PodGauges('http.server.oldest_request_age', (values) =>
    values.reduce((a, b) => Math.max(a, b)),
  );
  readonly pools = new Pools();
  readonly queues = new Queues();
  readonly load = new LoadReports();

  /** Names that nothing is derived from are passed over. @param now Unix time in ms, of this machine */
  ingest(points: MetricPoint[], now: number): LiveChange {
    this.oldest.ingest(points, now);
    const reported = this.inFlight.ingest(points, now);
    this.breakers.ingest(points, now);
    this.pools.ingest(points, now);
    this.queues.ingest(points, now);
    return {
      inFlight: new Map(reported.map((service) => [service, this.inFlight.of(service, now) ?? 0])),
      dropped: this.load.ingest(points, now),
    };
  }
}
