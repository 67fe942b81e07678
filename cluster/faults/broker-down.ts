import type { BrokerOrder } from './drivers/message-broker.ts';
import type { FaultType } from './fault-type.ts';

/** Its process is gone, and so is each that replaces it; what it had confirmed is on its disk. */
export const brokerDown: FaultType = {
  id: 'broker-down',
  title: 'Broker down',
  category: 'queue',
  summary: 'The pods of the message broker are killed as soon as they come up.',
  targets: ['service'],
  parameters: [],
  duration: { default: 20, max: 300 },
  share: '100%',
  counts: ['killed'],
  carriers: [{ driver: 'message-broker', order: (): BrokerOrder => ({ down: true }) }],
};
