import { direct } from './direct.ts';
import type { ExchangeType } from './exchange-type.ts';
import { fanout } from './fanout.ts';
import { headers } from './headers.ts';
import { topic } from './topic.ts';

/** Every type of exchange. */
export const exchangeTypes: ExchangeType[] = [direct, fanout, topic, headers];
