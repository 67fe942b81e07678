import type { Health, PodView, Traffic } from '../contract/topology.ts';

/**
 * When a service is drawn as worth a look (warn) or in trouble (bad); components/topology/edge-notes.ts has the same for
 * edges. The shop at rest has p95 well under 150 ms. The bank fails 1 % of its calls: of the 60 in three seconds, 10 %
 * fail by chance once in many hours, but 5 % every minute or two.
 */
export const THRESHOLDS = {
  errorRatio: { warn: 0.1, bad: 0.25 },
  /** Milliseconds that a request has been open. */
  hanging: 5000,
  /** Milliseconds. */
  p95: { warn: 300, bad: 1000 },
} as const;

/** What is measured of a service besides its traffic. */
export interface Open {
  inFlight: number | null;
  oldestMs: number | null;
}

/** Requests that do not end leave no trace in rates and latencies: `12 requests hang, the oldest for 34 s`. Null where none does. */
export function hanging(inFlight: number | null, oldestMs: number | null): string | null {
  if (oldestMs === null || oldestMs < THRESHOLDS.hanging || !inFlight) return null;
  const seconds = Math.floor(oldestMs / 1000);
  return inFlight === 1
    ? `a request hangs, for ${seconds} s`
    : `${inFlight} requests hang, the oldest for ${seconds} s`;
}

/** The worst of what pods, errors and latency say, with one short reason. The latency itself stands beside it on the page. */
export function assess(
  traffic: Traffic,
  pods: PodView[],
  { inFlight, oldestMs }: Open,
): { health: Health; reason: string | null } {
  const ready = pods.filter((pod) => pod.state === 'ready').length;
  const crashing = pods.some((pod) => pod.state === 'crash-loop');
  const { p95 } = traffic;
  const errorRatio = traffic.errorRatio ?? 0;
  const hangs = hanging(inFlight, oldestMs);
  const rules: [boolean, Health, () => string][] = [
    [pods.length > 0 && ready === 0, 'bad', () => (crashing ? 'crash loop, no pod ready' : 'no pod ready')],
    [errorRatio >= THRESHOLDS.errorRatio.bad, 'bad', () => percent(errorRatio)],
    [p95 !== null && p95 >= THRESHOLDS.p95.bad, 'bad', () => `p95 over ${THRESHOLDS.p95.bad / 1000} s`],
    [hangs !== null, 'bad', () => hangs ?? ''],
    [crashing, 'warn', () => 'a pod is in a crash loop'],
    [errorRatio >= THRESHOLDS.errorRatio.warn, 'warn', () => percent(errorRatio)],
    [p95 !== null && p95 >= THRESHOLDS.p95.warn, 'warn', () => `p95 over ${THRESHOLDS.p95.warn / 1000} s`],
    [pods.some(isUnready), 'warn', () => `${ready} of ${pods.length} pods ready`],
  ];
  const hit = rules.find(([applies]) => applies);
  if (hit) return { health: hit[1], reason: hit[2]() };
  return { health: traffic.rate === 0 ? 'idle' : 'ok', reason: null };
}

/** Pods that come and go in a rolling update are no trouble. */
function isUnready(pod: PodView): boolean {
  return pod.state === 'not-ready' || pod.state === 'failed';
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} % errors`;
}
