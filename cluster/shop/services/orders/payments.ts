import { Failure } from '../../service/failure.ts';
import type { HttpClient } from '../../service/http-client.ts';

/** Charges the customer. @throws Failure 502, or 503 where payments turned the charge away at once. */
export function paymentsClient(client: HttpClient, url: string) {
  return async (orderId: string, amountCents: number): Promise<void> => {
    const answer = await client({ method: 'POST', url: `${url}/charges`, json: { orderId, amountCents } }).catch(
      (cause: Error) => {
        throw new Failure(502, 'payment-failed', `Payments did not answer: ${cause.message}`, { cause });
      },
    );
    if (answer.status === 201) return;
    const [status, code] = refusals[answer.status] ?? [502, 'payment-failed'];
    throw new Failure(status, code, `The payment failed: payments answered ${answer.status}.`);
  };
}

/** Whether payments knows of a charge for the order. @throws Failure 502 where payments does not say. */
export function paymentsRecord(client: HttpClient, url: string) {
  return async (orderId: string): Promise<boolean> => {
    const answer = await client({ method: 'GET', url: `${url}/charges/${orderId}` }).catch((cause: Error) => {
      throw new Failure(502, 'payment-unknown', `Payments did not answer: ${cause.message}`, { cause });
    });
    if (answer.status === 200 || answer.status === 404) return answer.status === 200;
    throw new Failure(502, 'payment-unknown', `Payments answered ${answer.status}.`);
  };
}

/** What the customer and the order's row get to know, by what payments answered. */
const refusals: Record<number, [502 | 503, string]> = {
  503: [503, 'payment-rejected'],
  504: [502, 'payment-timeout'],
};
