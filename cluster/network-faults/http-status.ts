import { byLot, type StreamFaultType } from './stream-fault.ts';

/** So many of a hundred requests are answered with this status; the callee does not get them. */
export const httpStatus: StreamFaultType<{ status: number; percent: number }> = {
  type: 'http-status',
  attributes: {
    status: { unit: '', min: 400, max: 599 },
    percent: { unit: '%', min: 0, max: 100 },
  },
  begin({ status, percent }) {
    return { onHttp: true, answer: () => (byLot(percent) ? status : null) };
  },
};
