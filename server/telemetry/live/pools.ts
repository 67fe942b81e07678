import type { PoolView } from '../../contract/topology.ts';
import type { MetricPoint } from '../otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

type Figures = Omit<PoolView, 'name'>;

const FIGURES: Record<string, keyof Figures> = { 'pool.size': 'size', 'pool.used': 'used', 'pool.waiting': 'waiting' };
const MAX_SERVICES = 64;
const MAX_POOLS = 16;

/** The pools that requests need a place in, by the gauges `pool.size`, `pool.used` and `pool.waiting` of their `pool.name`. */
export class Pools {
  /** By service, then by the pool's name. */
  readonly #services = new Map<string, Map<string, PodReports<Figures>>>();

  ingest(points: MetricPoint[], now: number): void {
    for (const { name, service, pod, attributes, value } of points) {
      const figure = FIGURES[name];
      const pool = attributes['pool.name'];
      if (!figure || typeof pool !== 'string' || !Number.isFinite(value)) continue;
      const reports = this.#reports(service, pool, now);
      const known = reports?.get(pod) ?? { size: 0, used: 0, waiting: 0 };
      reports?.set(pod, now, { ...known, [figure]: Math.max(0, value) });
    }
  }

  /** Each pool of the service over those of its pods that still report, by name. */
  of(service: string, now: number): PoolView[] {
    const found: PoolView[] = [];
    for (const [name, pods] of this.#services.get(service) ?? []) {
      const live = pods.live(now);
      if (live.length === 0) continue;
      const sum = (figure: keyof Figures) => live.reduce((total, each) => total + each[figure], 0);
      found.push({ name, size: sum('size'), used: sum('used'), waiting: sum('waiting') });
    }
    return found.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Undefined where there is no room: those that came first stay as long as they report. */
  #reports(service: string, pool: string, now: number): PodReports<Figures> | undefined {
    const known = this.#services.get(service)?.get(pool);
    if (known) return known;
    if (this.#services.size >= MAX_SERVICES || this.#services.get(service)?.size === MAX_POOLS) this.#forgetSilent(now);
    const pools = this.#services.get(service) ?? new Map<string, PodReports<Figures>>();
    if (pools.size >= MAX_POOLS || (pools.size === 0 && this.#services.size >= MAX_SERVICES)) return undefined;
    const reports = new PodReports<Figures>();
    this.#services.set(service, pools.set(pool, reports));
    return reports;
  }

  #forgetSilent(now: number): void {
    for (const [service, pools] of this.#services) {
      for (const [pool, pods] of pools) if (pods.live(now).length === 0) pools.delete(pool);
      if (pools.size === 0) this.#services.delete(service);
    }
  }
}
