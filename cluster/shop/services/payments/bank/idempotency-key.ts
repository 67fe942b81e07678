/**
 * The same key on every attempt to charge one order, so that the bank can tell a repeat from a second charge
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header).
 */
export function idempotencyKey(orderId: string): Record<string, string> {
  return { 'idempotency-key': `charge-${orderId}` };
}
