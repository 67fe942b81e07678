import type { BrokerOrder } from './drivers/message-broker.ts';
import type { FaultType } from './fault-type.ts';

/** A message that its consumer can never handle. It is taken out again in the end, wherever it lies by then. */
export const poisonMessage: FaultType = {
  id: 'poison-message',
  title: 'Poison message',
  category: 'queue',
  summary: 'Messages that the consumer cannot handle are put into its queue.',
  targets: ['edge'],
  parameters: [{ name: 'messages', label: 'Messages', unit: '', min: 1, max: 100, default: 1 }],
  duration: { default: 60, max: 900 },
  share: 'one',
  counts: ['sent', 'failed'],
  counted: 'delivery',
  carriers: [{ driver: 'message-broker', order: ({ messages = 1 }): BrokerOrder => ({ poison: messages }) }],
};
