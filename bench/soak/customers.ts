import type { SignalSeries } from '../../server/contract/signals.ts';
import type { LabApi } from '../lab-api.ts';

/** What customers met in the last so many whole seconds. */
export interface Met {
  requests: number;
  /** From 0 to 1; null without requests. */
  errorRatio: number | null;
}

/**
 * @param since only seconds that began then or later count; Unix time in ms
 * @throws Error when the lab server does not answer
 */
export async function whatCustomersMet(api: LabApi, seconds: number, since = 0): Promise<Met> {
  const { series } = await api.get<{ series: SignalSeries[] }>(`/api/signals?id=customer&seconds=${seconds + 2}`);
  // The last seconds may not be whole yet.
  const points = (series[0]?.points ?? [])
    .slice(0, -2)
    .slice(-seconds)
    .filter(({ t }) => t * 1_000 >= since);
  const requests = points.reduce((sum, { count }) => sum + count, 0);
  const errors = points.reduce((sum, { errors }) => sum + errors, 0);
  return { requests, errorRatio: requests === 0 ? null : errors / requests };
}
