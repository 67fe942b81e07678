import type { BrokerOrder } from './drivers/message-broker.ts';
import type { FaultType } from './fault-type.ts';

/** Messages that the consumer takes and has nothing to do with: what it waits for is behind them. */
export const messageFlood: FaultType = {
  id: 'message-flood',
  title: 'Flood of messages',
  category: 'queue',
  summary: 'The queue of the consumer is filled with messages that are none of its business.',
  targets: ['edge'],
  parameters: [{ name: 'perSecond', label: 'Messages', unit: '/s', min: 1, max: 5_000, default: 1_000 }],
  duration: { default: 30, max: 300 },
  share: 'one',
  counts: ['sent'],
  carriers: [{ driver: 'message-broker', order: ({ perSecond = 1 }): BrokerOrder => ({ perSecond }) }],
};
