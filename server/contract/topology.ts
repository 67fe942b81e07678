/** Health as drawn: never by colour alone, each has its own sign. */
export type Health = 'ok' | 'warn' | 'bad' | 'idle';

export type ServiceRole = 'load' | 'service' | 'database' | 'third-party';

export type PodState = 'pending' | 'starting' | 'ready' | 'not-ready' | 'terminating' | 'crash-loop' | 'failed';

export interface PodView {
  name: string;
  node: string | null;
  state: PodState;
  /** The reason kubectl would print in its STATUS column. */
  status: string;
  restarts: number;
  /** Unix time in ms. */
  createdAt: number;
}

/** Rates and latencies are of the last three whole seconds that pods have surely reported. */
export interface Traffic {
  /** Requests per second. */
  rate: number;
  /** Share of requests that failed, 0 to 1; null without requests, which is not the same as none that failed. */
  errorRatio: number | null;
  /** Milliseconds; null while there is no traffic. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface ServiceView extends Traffic {
  name: string;
  role: ServiceRole;
  health: Health;
  /** One short reason behind a health that is not ok: "60 % errors", "no pod ready". */
  reason: string | null;
  /** Requests being handled now over all pods; null where the service does not report it. */
  inFlight: number | null;
  /** Age of the oldest of these, in ms; null where the service does not report it. */
  oldestMs: number | null;
  pods: PodView[];
}

/** The shop as its customers meet it: from the moment each request was due to its answer; one that was not sent has failed. */
export interface CustomerView extends Traffic {
  /** Requests without an answer yet, and the age of the oldest in ms; null while no load generator reports. */
  open: number | null;
  oldestMs: number | null;
  /** Why the figures say little or nothing: "the load generator does not report"; null when they do. */
  reason: string | null;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerView {
  /** The worst state over the calling pods: open before half-open before closed. */
  state: BreakerState;
  /** Unix time in ms at which an open breaker lets the next probe through. */
  openUntil: number | null;
  /** Calls turned away per second. */
  rejectedRate: number;
  /** How often it has opened in the last 15 minutes. */
  trips: number;
}

export interface EdgeView extends Traffic {
  /** `source>destination`, stable. */
  id: string;
  source: string;
  destination: string;
  protocol: 'http' | 'sql';
  /** Calls per second that were repeats of a failed one. */
  retryRate: number;
  /** Calls per second that the caller gave up on. */
  timeoutRate: number;
  breaker: BreakerView | null;
}

export interface Topology {
  services: ServiceView[];
  edges: EdgeView[];
}

export interface ClusterView {
  /** `embedded`, `kind` or the name of the kubeconfig's context. */
  name: string;
  connected: boolean;
  nodes: { name: string; ready: boolean }[];
  pods: number;
}
