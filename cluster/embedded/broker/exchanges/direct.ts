import type { ExchangeType } from './exchange-type.ts';

export const direct: ExchangeType = {
  name: 'direct',
  matches: (binding, routingKey) => binding.routingKey === routingKey,
};
