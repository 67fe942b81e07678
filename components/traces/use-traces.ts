import { useCallback, useEffect, useState } from 'react';
import type { Trace, TraceSummary } from '../../server/contract/traces.ts';
import { request } from '../state/api.ts';
import { useLabStore } from '../state/lab-store-context.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { followTrace } from './follow-trace.ts';

export interface TraceFilter {
  error: boolean;
  /** At least this many ms; 0 for all. */
  slow: number;
  /** A service that took part; empty for any. */
  service: string;
}

/** The list is read again this often while it is shown, in ms. */
const REFRESH = 2000;

function tracesPath({ error, slow, service }: TraceFilter, limit = 60): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (error) query.set('error', 'true');
  if (slow > 0) query.set('slow', String(slow));
  if (service) query.set('service', service);
  return `/api/traces?${query}`;
}

/** The newest traces that pass the filter, read again every two seconds until paused; null until the first answer. */
export function useTraces(filter: TraceFilter, paused: boolean): TraceSummary[] | null {
  const path = tracesPath(filter);
  const read = useCallback(() => request<{ traces: TraceSummary[] }>('GET', path), [path]);
  return useRefreshed(read, REFRESH, paused)?.traces ?? null;
}

/** One trace with its spans, as they come in; null while it is read, `gone` when the server keeps it no more. */
export function useTrace(traceId: string): Trace | 'gone' | null {
  const { connection } = useLabStore();
  const [shown, setShown] = useState<{ id: string; trace: Trace | 'gone' } | null>(null);
  useEffect(
    () =>
      followTrace(
        connection,
        () => request<Trace>('GET', `/api/traces/${encodeURIComponent(traceId)}`),
        (trace) => setShown({ id: traceId, trace }),
      ),
    [connection, traceId],
  );
  return shown?.id === traceId ? shown.trace : null;
}
