import type { HttpClient } from '../../../service/http-client.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { BankSettings } from './settings.ts';
import { timeLimit } from './time-limit.ts';

export interface Charge {
  orderId: string;
  amountCents: number;
}

/** One try, of how many there were before it. */
export type Attempt = (charge: Charge, resendCount?: number) => Promise<string>;

/** The bank answered, but did not charge. */
export class BankRefused extends Error {
  readonly code = 'bank-refused';
  readonly status: number;

  constructor(status: number) {
    super(`The bank answered ${status}.`);
    this.name = 'BankRefused';
    this.status = status;
  }
}

/**
 * One HTTP call to the bank.
 *
 * @throws BankRefused, TimeLimitReached, NoAnswer
 */
export function chargeOnce(http: HttpClient, url: string, settings: BankSettings): Attempt {
  return async ({ orderId, amountCents }, resendCount = 0) => {
    const answer = await timeLimit(settings.timeoutMs, (signal) =>
      http({
        method: 'POST',
        url: `${url}/charges`,
        headers: settings.idempotencyKeys ? idempotencyKey(orderId) : {},
        json: { reference: orderId, amountCents },
        resendCount,
        ...(signal && { signal }),
      }),
    );
    if (answer.status >= 300) throw new BankRefused(answer.status);
    return (JSON.parse(answer.body.toString()) as { id: string }).id;
  };
}
