import { Failure } from '../../service/failure.ts';
import type { Call, HttpClient } from '../../service/http-client.ts';

/** What orders asks of payments. */
export function paymentsClient(client: HttpClient, url: string) {
  const ask = (call: Call, code: string) =>
    client(call).catch((cause: Error) => {
      throw new Failure(502, code, `Payments did not answer: ${cause.message}`, { cause });
    });
  return {
    /** Charges the customer, or has payments keep the charge. @throws Failure 502, or 503 where payments turned the charge away at once. */
    async charge(orderId: string, amountCents: number): Promise<'made' | 'kept'> {
      const call = { method: 'POST', url: `${url}/charges`, json: { orderId, amountCents } };
      const { status: answered } = await ask(call, 'payment-failed');
      if (answered === 201) return 'made';
      if (answered === 202) return 'kept';
      const [status, code] = refusals[answered] ?? [502, 'payment-failed'];
      throw new Failure(status, code, `The payment failed: payments answered ${answered}.`);
    },

    /** What payments knows of a charge for the order. @throws Failure 502 where payments does not say. */
    async chargeOf(orderId: string): Promise<'made' | 'kept' | 'none'> {
      const { status } = await ask({ method: 'GET', url: `${url}/charges/${orderId}` }, 'payment-unknown');
      if (status === 200) return 'made';
      if (status === 202) return 'kept';
      if (status === 404) return 'none';
      throw new Failure(502, 'payment-unknown', `Payments answered ${status}.`);
    },

    /** Gives back whatever was charged for the order, also what payments does not know of. @throws Failure 502. */
    async refund(orderId: string): Promise<void> {
      const { status } = await ask({ method: 'POST', url: `${url}/refunds`, json: { orderId } }, 'refund-failed');
      if (status !== 200) throw new Failure(502, 'refund-failed', `Payments answered ${status}.`);
    },
  };
}

/** What the customer and the order's row get to know, by what payments answered. */
const refusals: Record<number, [502 | 503, string]> = {
  503: [503, 'payment-rejected'],
  504: [502, 'payment-timeout'],
};
