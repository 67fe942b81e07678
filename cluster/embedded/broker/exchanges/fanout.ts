import type { ExchangeType } from './exchange-type.ts';

export const fanout: ExchangeType = { name: 'fanout', matches: () => true };
