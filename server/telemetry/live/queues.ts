import type { QueueView } from '../../contract/topology.ts';
import type { MetricPoint } from '../otlp/metric-points.ts';
import { PodReports } from './pod-reports.ts';

/** Who looks at a queue, and who has messages of it in hand, by pod. */
interface Reports {
  depth: PodReports<number>;
  consumers: PodReports<number>;
  unacked: PodReports<number>;
}

const PREFIX = 'messaging.queue.';
const MAX_BROKERS = 16;
/** Of one broker. */
const MAX_QUEUES = 64;

/**
 * The queues of each broker, by the gauges `messaging.queue.depth`, `.consumers` and `.unacked` with their `messaging.destination.name`
 * and `server.address`. Any number of pods may look at the same queue; what consumers have in hand adds up.
 */
export class Queues {
  /** By broker, then by the queue's name. */
  readonly #brokers = new Map<string, Map<string, Reports>>();

  ingest(points: MetricPoint[], now: number): void {
    for (const { name, pod, attributes, value } of points) {
      if (!name.startsWith(PREFIX) || !Number.isFinite(value)) continue;
      const figure = name.slice(PREFIX.length);
      const { 'server.address': address, 'messaging.destination.name': queue } = attributes;
      if (typeof address !== 'string' || typeof queue !== 'string') continue;
      const reports = this.#reports(address.split('.', 1)[0]!, queue, now);
      if (reports && isFigure(figure)) reports[figure].set(pod, now, Math.max(0, value));
    }
  }

  /** Each queue of the broker that somebody still reports, by name. */
  of(broker: string, now: number): QueueView[] {
    const found = [...(this.#brokers.get(broker) ?? [])].filter(([, reports]) => isLive(reports, now));
    const views = found.map(([name, { depth, consumers, unacked }]) => ({
      name,
      depth: Math.max(0, ...depth.live(now)),
      consumers: Math.max(0, ...consumers.live(now)),
      unacked: unacked.live(now).reduce((sum, each) => sum + each, 0),
    }));
    return views.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Undefined where there is no room: those that came first stay as long as they are reported. */
  #reports(broker: string, queue: string, now: number): Reports | undefined {
    const known = this.#brokers.get(broker)?.get(queue);
    if (known) return known;
    if (this.#brokers.size >= MAX_BROKERS || this.#brokers.get(broker)?.size === MAX_QUEUES) this.#forgetSilent(now);
    const queues = this.#brokers.get(broker) ?? new Map<string, Reports>();
    if (queues.size >= MAX_QUEUES || (queues.size === 0 && this.#brokers.size >= MAX_BROKERS)) return undefined;
    const reports = {
      depth: new PodReports<number>(),
      consumers: new PodReports<number>(),
      unacked: new PodReports<number>(),
    };
    this.#brokers.set(broker, queues.set(queue, reports));
    return reports;
  }

  #forgetSilent(now: number): void {
    for (const [broker, queues] of this.#brokers) {
      for (const [name, reports] of queues) if (!isLive(reports, now)) queues.delete(name);
      if (queues.size === 0) this.#brokers.delete(broker);
    }
  }
}

function isFigure(name: string): name is keyof Reports {
  return name === 'depth' || name === 'consumers' || name === 'unacked';
}

/** What nobody looks at any more is told of no longer. */
function isLive({ depth, unacked }: Reports, now: number): boolean {
  return depth.live(now).length > 0 || unacked.live(now).length > 0;
}
