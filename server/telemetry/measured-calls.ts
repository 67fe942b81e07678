import type { SignalId } from '../contract/signals.ts';

/** A request of a customer that has ended, or `count` that were never sent. */
export type CustomerCall =
  | { operation: string; outcome: 'ok' | 'error' | 'timeout'; milliseconds: number }
  | { operation: string; outcome: 'dropped'; count: number };

/** All requests of customers; `customer POST /api/orders` are those of one operation. */
export const CUSTOMER = 'customer';

/** A finished call between two services, as the caller saw it. */
export interface EdgeCall {
  edge: SignalId;
  outcome: 'ok' | 'error' | 'timeout' | 'rejected';
  milliseconds: number;
}
