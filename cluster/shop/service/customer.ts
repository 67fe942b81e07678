import type { Context } from 'hono';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { tokenCheck } from './token-check.ts';

/** Who checks tokens, as TOKEN_CHECK says it: the gateway for all, or each service for itself. */
export const tokenCheckers = ['gateway', 'services'] as const;

/**
 * Whose request it is, behind the gateway. Where the gateway checks tokens its word counts, and so does that of anybody else who gets as
 * far as this service; where services do, the token that came along is checked once more.
 *
 * @throws Failure 401 from each request that does not say, or whose token is none of ours.
 */
export function customerBehindGateway(environment: Environment): (c: Context) => Promise<string> {
  if (environment.oneOf('TOKEN_CHECK', tokenCheckers, 'gateway') === 'services') {
    return tokenCheck(environment.text('JWT_SECRET'));
  }
  return (c) => {
    const customer = c.req.header('x-customer-id');
    if (customer) return Promise.resolve(customer);
    const says = 'The x-customer-id header is missing; customers come in through the gateway.';
    return Promise.reject(new Failure(401, 'no-customer', says));
  };
}
