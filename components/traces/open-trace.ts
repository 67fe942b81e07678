import type { TraceSummary } from '../../server/contract/traces.ts';
import { request } from '../state/api.ts';
import { serverNow } from '../state/clock.ts';
import { reportLabEvent } from '../state/lab-events.ts';
import { setView } from '../state/view.ts';
import { showToast } from '../ui/toasts.ts';

/** Services report their spans four times a second, each on its own: after this long, in ms, all have. */
const REPORTED_AFTER = 1000;

/** Shows a trace in the dock and tells the lab that it was opened. */
export function openTrace(traceId: string): void {
  setView({ dock: 'traces', trace: traceId });
  reportLabEvent({ type: 'trace-opened', traceId });
}

/** Opens the newest trace of that name among those that took at least so many ms. */
export async function openNewest(name: string, over = 0): Promise<void> {
  const { traces } = await request<{ traces: TraceSummary[] }>('GET', `/api/traces?limit=200&slow=${over}`);
  const trace = newestOf(name, traces, serverNow());
  if (trace) openTrace(trace.traceId);
  else
    showToast({
      tone: 'bad',
      title: `No ${over > 0 ? 'slow ' : ''}${name} has been traced yet.`,
      detail: 'Wait a few seconds, then try again.',
    });
}

/** Of traces with the newest first: the first of that name that all services have reported, else the first one at all. */
export function newestOf(name: string, traces: readonly TraceSummary[], now: number): TraceSummary | undefined {
  const named = traces.filter((trace) => trace.name === name);
  return named.find(({ startedAt, duration }) => startedAt + duration < now - REPORTED_AFTER) ?? named[0];
}
