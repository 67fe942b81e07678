import type { LogAgents, LogRecord } from '../../server/contract/logs.ts';
import { count, decimal, plural } from '../ui/quantity.ts';

/** What agents collect with what, what it costs, and what was lost: `4 sidecars, buffered · 88 MB, 60 m CPU · 12 lines dropped`. */
export function agentsWords({ collection, delivery, agents, total }: LogAgents): string {
  const who = collection === 'sidecar' ? plural(agents.length, 'sidecar') : plural(agents.length, 'node agent');
  const sum = (of: 'dropped' | 'buffered') => agents.reduce((lines, agent) => lines + (agent.lines?.[of] ?? 0), 0);
  return [
    `${who}, ${delivery}`,
    ...(total ? [`${decimal(total.memoryMb)} MB, ${decimal(total.cpuMillis)} m CPU`] : []),
    ...(sum('buffered') > 0 ? [`${plural(sum('buffered'), 'line')} waiting`] : []),
    `${count(sum('dropped'))} dropped`,
  ].join(' · ');
}

/** A key for each of a list: the same record has the same in the next list, wherever it stands there. */
export function keysOf(logs: readonly LogRecord[]): string[] {
  const seen = new Map<string, number>();
  return logs.map(({ at, pod, spanId, body }) => {
    const key = `${at} ${pod} ${spanId} ${body}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before === 0 ? key : `${key} ${before}`;
  });
}

/** How bad it is, by OTLP's severity numbers. */
export function levelOf(severity: number): 'error' | 'warn' | 'info' {
  return severity >= 17 ? 'error' : severity >= 13 ? 'warn' : 'info';
}
