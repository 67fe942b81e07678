import type { Context } from 'hono';
import type { ClientOf } from './rate-limit.ts';

/** The check of a request's token, made once however many ask. */
export function onceEach(customerOf: (c: Context) => Promise<string>): (c: Context) => Promise<string> {
  const known = new WeakMap<Context, Promise<string>>();
  return (c) => {
    const before = known.get(c);
    if (before) return before;
    const customer = customerOf(c);
    known.set(c, customer);
    return customer;
  };
}

/** The customer by a good token, else the address: nobody uses up what is another's by writing their name. */
export function clientBy(customerOf: (c: Context) => Promise<string>): ClientOf {
  return async (c) => {
    try {
      return `customer ${await customerOf(c)}`;
    } catch {
      return `address ${c.env.incoming.socket.remoteAddress ?? 'unknown'}`;
    }
  };
}
