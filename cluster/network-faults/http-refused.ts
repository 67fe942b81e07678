import type { StreamFaultType } from './stream-fault.ts';

/** Changes nothing: the answers of the callee that have this status are counted, for a fault that acts elsewhere and is felt here. */
export const httpRefused: StreamFaultType<{ status: number }> = {
  type: 'http-refused',
  attributes: { status: { unit: '', min: 400, max: 599 } },
  begin: ({ status }) => ({ onHttp: true, answered: (its) => its === status }),
};
