import type { TraceSummary } from '../../server/contract/traces.ts';
import { request } from '../state/api.ts';
import { useLabEvents } from '../state/lab-events.ts';
import { useLabStore } from '../state/lab-store-context.ts';
import { setView } from '../state/view.ts';
import { showToast } from '../ui/toasts.ts';

/** Services report their spans four times a second, each on its own: after this long, in ms, all have. */
const REPORTED_AFTER = 1000;

/** How to show a trace in the dock and tell the lab that it was opened. */
export function useOpenTrace(): (traceId: string) => void {
  const report = useLabEvents();
  return (traceId) => {
    setView({ dock: 'traces', trace: traceId });
    report({ type: 'trace-opened', traceId });
  };
}

/** How to open the newest trace of a name among those that took at least so many ms. */
export function useOpenNewest(): (name: string, over?: number) => Promise<void> {
  const { clock } = useLabStore();
  const openTrace = useOpenTrace();
  return async (name, over = 0) => {
    const { traces } = await request<{ traces: TraceSummary[] }>('GET', `/api/traces?limit=200&slow=${over}`);
    const trace = newestOf(name, traces, clock.now());
    if (trace) openTrace(trace.traceId);
    else
      showToast({
        tone: 'bad',
        title: `No ${over > 0 ? 'slow ' : ''}${name} has been traced yet.`,
        detail: 'Wait a few seconds, then try again.',
      });
  };
}

/** Of traces with the newest first: the first of that name that all services have reported, else the first one at all. */
export function newestOf(name: string, traces: readonly TraceSummary[], now: number): TraceSummary | undefined {
  const named = traces.filter((trace) => trace.name === name);
  return named.find(({ startedAt, duration }) => startedAt + duration < now - REPORTED_AFTER) ?? named[0];
}
