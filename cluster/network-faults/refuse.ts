import type { StreamFaultType } from './stream-fault.ts';

/** Nobody listens any more: connecting is refused, and what is connected is reset. */
export const refuse: StreamFaultType<Record<never, number>> = {
  type: 'refuse',
  attributes: {},
  begin: () => ({
    cutsStanding: () => true,
    stages: () => ({ there: ({ kind }, at) => (kind === 'open' ? 'reset' : at) }),
  }),
};
