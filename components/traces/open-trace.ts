import type { TraceSummary } from '../../server/contract/traces.ts';
import { request } from '../state/api.ts';
import { reportLabEvent } from '../state/lab-events.ts';
import { setView } from '../state/view.ts';
import { showToast } from '../ui/toasts.ts';

/** Shows a trace in the dock and tells the lab that it was opened. */
export function openTrace(traceId: string): void {
  setView({ dock: 'traces', trace: traceId });
  reportLabEvent({ type: 'trace-opened', traceId });
}

/** Opens the newest trace of a checkout: one that went as far as the payments. */
export async function openNewestOrder(): Promise<void> {
  const { traces } = await request<{ traces: TraceSummary[] }>('GET', '/api/traces?limit=50&service=payments');
  const order = traces.find(({ name }) => name.includes('/api/orders')) ?? traces[0];
  if (order) openTrace(order.traceId);
  else
    showToast({
      tone: 'bad',
      title: 'No order has been traced yet.',
      detail: 'Start the load, wait a second, then try again.',
    });
}
