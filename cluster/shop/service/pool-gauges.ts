import { metrics } from '@opentelemetry/api';

interface Pool {
  limit: number;
  running: number;
  waiting: number;
}

/** Reports what a pool has, what of it is taken and who waits for a place: `pool.size`, `pool.used`, `pool.waiting`. */
export function reportPool(name: string, line: Readonly<Pool>): void {
  const meter = metrics.getMeter('shop');
  const attributes = { 'pool.name': name };
  const figures = { size: () => line.limit, used: () => line.running, waiting: () => line.waiting };
  for (const [figure, read] of Object.entries(figures)) {
    meter.createObservableGauge(`pool.${figure}`).addCallback((result) => result.observe(read(), attributes));
  }
}
