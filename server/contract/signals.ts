/** One second of one service or edge. */
export interface SignalPoint {
  /** Unix time in whole seconds; the second that spans ended in. */
  t: number;
  /** Requests that ended in this second. */
  count: number;
  /** Of these, the failed ones. */
  errors: number;
  /** Milliseconds, at most 1 % off (the sketch's relative error); null without requests. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Requests in flight at the end of the second; null where not reported. */
  inFlight: number | null;
}

/** A service's name, or an edge's id (`source>destination`). */
export type SignalId = string;

export interface SignalSeries {
  id: SignalId;
  points: SignalPoint[];
}

/** A moment to mark on every chart. */
export interface Mark {
  id: string;
  /** Unix time in ms. */
  at: number;
  kind: 'fault-start' | 'fault-end' | 'pattern' | 'load' | 'breaker';
  label: string;
}
