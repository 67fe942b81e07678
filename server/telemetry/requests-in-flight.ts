import type { MetricPoint } from './otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

const MAX_SERVICES = 64;

/** `http.server.active_requests` per service: the sum over the pods that still report. */
export class RequestsInFlight {
  readonly #services = new Map<string, PodReports<number>>();

  /** Returns, per service touched, the new sum and the time of the report in Unix ms. */
  ingest(points: MetricPoint[], now: number): { service: string; inFlight: number; at: number }[] {
    // One pod reports a number per attribute set (method, scheme); they add up.
    const pods = new Map<string, MetricPoint>();
    for (const point of points) {
      if (point.name !== 'http.server.active_requests') continue;
      const key = `${point.service} ${point.pod}`;
      pods.set(key, { ...point, value: point.value + (pods.get(key)?.value ?? 0) });
    }
    const touched = new Map<string, number>();
    for (const { service, pod, value, at } of pods.values()) {
      let reports = this.#services.get(service);
      if (!reports) {
        if (this.#services.size >= MAX_SERVICES) continue;
        this.#services.set(service, (reports = new PodReports()));
      }
      reports.set(pod, now, Math.max(0, value));
      touched.set(service, at);
    }
    return [...touched].map(([service, at]) => ({ service, at, inFlight: this.of(service, now) ?? 0 }));
  }

  /** Null when no live pod reports it. */
  of(service: string, now: number): number | null {
    const live = this.#services.get(service)?.live(now) ?? [];
    return live.length === 0 ? null : live.reduce((sum, value) => sum + value, 0);
  }
}
