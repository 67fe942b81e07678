import type { HttpClient } from '../../../service/http-client.ts';
import { chargeFailure } from './charge-failure.ts';
import { idempotencyKey } from './idempotency-key.ts';

export interface Charge {
  orderId: string;
  amountCents: number;
}

/**
 * Charges at the bank.
 *
 * @param http with the policies of the edge
 * @returns the bank's id of the charge.
 * @throws Failure 502 `bank-failed`, 504 `bank-timeout`, 503 `bank-circuit-open`.
 */
export function bankClient(http: HttpClient, url: string, idempotencyKeys: boolean) {
  return async ({ orderId, amountCents }: Charge): Promise<string> => {
    const answer = await http({
      method: 'POST',
      url: `${url}/charges`,
      headers: idempotencyKeys ? idempotencyKey(orderId) : {},
      json: { reference: orderId, amountCents },
    }).catch((error: unknown) => {
      throw chargeFailure(error);
    });
    if (answer.status >= 300) throw chargeFailure(new BankRefused(answer.status));
    return (JSON.parse(answer.body.toString()) as { id: string }).id;
  };
}

/** The bank answered, but did not charge. */
class BankRefused extends Error {
  readonly code = 'bank-refused';

  constructor(status: number) {
    super(`The bank answered ${status}.`);
    this.name = 'BankRefused';
  }
}
