import type { StreamFaultType } from './stream-fault.ts';

/** The first `requests`, of all connections together, are answered with this status; all others get through. */
export const httpFailFirst: StreamFaultType<{ requests: number; status: number }> = {
  type: 'http-fail-first',
  attributes: {
    requests: { unit: '', min: 1, max: 1_000_000 },
    status: { unit: '', min: 400, max: 599 },
  },
  begin({ requests, status }) {
    let left = requests;
    return { onHttp: true, answer: () => (left-- > 0 ? status : null) };
  },
};
