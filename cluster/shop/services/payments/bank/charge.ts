import type { FailureBody } from '../../../service/failure.ts';
import type { Answer, HttpClient } from '../../../service/http-client.ts';
import { BankRefused, chargeFailure } from './charge-failure.ts';
import { idempotencyKey } from './idempotency-key.ts';

export interface Charge {
  orderId: string;
  amountCents: number;
}

/**
 * What payments asks of the bank.
 *
 * @param http with the policies of the edge
 */
export function bankClient(http: HttpClient, url: string, idempotencyKeys: boolean) {
  async function ask(path: string, json: object, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await http({ method: 'POST', url: url + path, headers, json }).catch((error: unknown) => {
      throw chargeFailure(error);
    });
    if (answer.status >= 300) throw chargeFailure(new BankRefused(answer.status, reasonOf(answer)));
    return answer;
  }
  return {
    /** @returns the bank's id of the charge. @throws Failure 502 `bank-failed`, 504 `bank-timeout`, 503 `bank-circuit-open`. */
    async charge({ orderId, amountCents }: Charge): Promise<string> {
      const headers = idempotencyKeys ? idempotencyKey(orderId) : {};
      const answer = await ask('/charges', { reference: orderId, amountCents }, headers);
      return (JSON.parse(answer.body.toString()) as { id: string }).id;
    },

    /** Has the bank give back all it charged for the order; done again, it does nothing. @throws Failure as above. */
    async refund(orderId: string): Promise<void> {
      await ask('/refunds', { reference: orderId });
    },
  };
}

/** Undefined where the answer has no failure as ours do. */
function reasonOf({ body }: Answer): string | undefined {
  try {
    return (JSON.parse(body.toString()) as Partial<FailureBody> | null)?.error?.code;
  } catch {
    return undefined;
  }
}
