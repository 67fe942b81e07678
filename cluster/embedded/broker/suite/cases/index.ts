import type { Case } from '../case.ts';
import { consuming } from './consuming.ts';
import { deadLetters } from './dead-letters.ts';
import { errors } from './errors.ts';
import { exchanges } from './exchanges.ts';
import { publishing } from './publishing.ts';
import { queues } from './queues.ts';
import { wireCases } from './wire.ts';

/** Every case, by topic. */
export const cases: Case[] = [
  ...publishing,
  ...exchanges,
  ...queues,
  ...consuming,
  ...deadLetters,
  ...errors,
  ...wireCases,
];
