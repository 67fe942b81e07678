export interface TraceSummary {
  traceId: string;
  /** Name of the outermost span: `POST /api/orders`. */
  name: string;
  /** Unix time in ms. */
  startedAt: number;
  /** Milliseconds. */
  duration: number;
  spans: number;
  services: string[];
  error: boolean;
  /** Calls repeated after a failure, and calls a breaker turned away. */
  retries: number;
  rejections: number;
}

export interface SpanView {
  spanId: string;
  parentId: string | null;
  service: string;
  pod: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Milliseconds after the trace's start. */
  offset: number;
  /** Milliseconds. */
  duration: number;
  error: boolean;
  message: string | null;
  attributes: Record<string, string | number | boolean>;
  events: { name: string; offset: number }[];
}

export interface Trace extends TraceSummary {
  tree: SpanView[];
}
