import { useCallback } from 'react';
import type { LogAgents, LogRecord } from '../../server/contract/logs.ts';
import { request } from '../state/api.ts';
import { useRefreshed } from '../state/use-refreshed.ts';

export interface LogFilter {
  service: string;
  /** At least this severe, by OTLP's numbers; 0 for all. */
  severity: number;
  /** Part of the message. */
  text: string;
  /** Of one trace; empty for all. */
  trace: string;
}

/** As many are shown at most: who looks for older ones narrows the filter. */
const shown = 200;
const refreshMs = 1000;

export function logsPath({ service, severity, text, trace }: LogFilter): string {
  const query = new URLSearchParams({ limit: String(shown) });
  if (service) query.set('service', service);
  if (severity > 0) query.set('severity', String(severity));
  if (text) query.set('text', text);
  if (trace) query.set('trace', trace);
  return `/api/logs?${query}`;
}

/** The newest records that pass the filter, read again each second until paused; null until the first answer. */
export function useLogs(filter: LogFilter, paused: boolean): LogRecord[] | null {
  const path = logsPath(filter);
  const read = useCallback(() => request<{ logs: LogRecord[] }>('GET', path), [path]);
  return useRefreshed(read, refreshMs, paused)?.logs ?? null;
}

const readAgents = () => request<LogAgents>('GET', '/api/log-agents');

/** Who collects logs now; null until the first answer. */
export function useLogAgents(): LogAgents | null {
  return useRefreshed(readAgents, 2000);
}
