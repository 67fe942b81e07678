import type { MetricPoint } from '../otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

const MAX_SERVICES = 64;

/** One gauge per service, made of what those of its pods say that still report. */
export class PodGauges {
  readonly #metric: string;
  readonly #combine: (values: number[]) => number;
  readonly #services = new Map<string, PodReports<number>>();

  /** @param combine what the pods say, at least one */
  constructor(metric: string, combine: (values: number[]) => number) {
    this.#metric = metric;
    this.#combine = combine;
  }

  /** Returns the services that reported. */
  ingest(points: MetricPoint[], now: number): string[] {
    // One pod reports a number per attribute set (method, scheme); they belong together.
    const pods = Map.groupBy(
      points.filter(({ name }) => name === this.#metric),
      ({ service, pod }) => `${service} ${pod}`,
    );
    const touched = new Set<string>();
    for (const own of pods.values()) {
      const { service, pod } = own[0]!;
      let reports = this.#services.get(service);
      if (!reports) {
        if (this.#services.size >= MAX_SERVICES) this.#forgetSilent(now);
        if (this.#services.size >= MAX_SERVICES) continue;
        this.#services.set(service, (reports = new PodReports()));
      }
      reports.set(pod, now, Math.max(0, this.#combine(own.map(({ value }) => value))));
      touched.add(service);
    }
    return [...touched];
  }

  #forgetSilent(now: number): void {
    for (const [service, pods] of this.#services) if (pods.live(now).length === 0) this.#services.delete(service);
  }

  /** Null when no live pod reports it. */
  of(service: string, now: number): number | null {
    const live = this.#services.get(service)?.live(now) ?? [];
    return live.length === 0 ? null : this.#combine(live);
  }
}
