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

/** Opens the newest trace of a checkout: one that went as far as the payments. */
export async function openNewestOrder(): Promise<void> {
  const { traces } = await request<{ traces: TraceSummary[] }>('GET', '/api/traces?limit=100&service=payments');
  const order = newestOrder(traces, serverNow());
  if (order) openTrace(order.traceId);
  else
    showToast({
      tone: 'bad',
      title: 'No order has been traced yet.',
      detail: 'Start the load, wait a second, then try again.',
    });
}

/** Of traces with the newest first: the first order that all services have reported, else the first one at all. */
export function newestOrder(traces: readonly TraceSummary[], now: number): TraceSummary | undefined {
  const orders = traces.filter(({ name }) => name.includes('/api/orders'));
  return orders.find(({ startedAt, duration }) => startedAt + duration < now - REPORTED_AFTER) ?? orders[0];
}
