import { isDeepStrictEqual } from 'node:util';
import type { ExchangeType } from './exchange-type.ts';

/** `x-match`: all or any of the binding's arguments are among the headers; those that begin with `x-` count only for the `-with-x` ones. */
export const headers: ExchangeType = {
  name: 'headers',
  readsHeaders: true,
  matches(binding, _routingKey, given) {
    const match = binding.arguments['x-match'] ?? 'all';
    const withX = match === 'all-with-x' || match === 'any-with-x';
    const wanted = Object.entries(binding.arguments).filter(
      ([name]) => name !== 'x-match' && (withX || !name.startsWith('x-')),
    );
    // A null stands for any value.
    const has = ([name, value]: [string, unknown]) =>
      Object.hasOwn(given, name) && (value === null || isDeepStrictEqual(value, given[name]));
    return match === 'any' || match === 'any-with-x' ? wanted.some(has) : wanted.every(has);
  },
};
