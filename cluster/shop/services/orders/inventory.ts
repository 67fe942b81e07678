import { Failure, type FailureBody } from '../../service/failure.ts';
import type { Call, HttpClient } from '../../service/http-client.ts';
import type { OrderItem } from '../../service/order-items.ts';

/** What orders asks of inventory. */
export function inventoryClient(client: HttpClient, url: string) {
  const ask = (call: Call) =>
    client(call).catch((cause: Error) => {
      throw new Failure(502, 'inventory-failed', `Inventory did not answer: ${cause.message}`, { cause });
    });
  return {
    /** Reserves stock. @throws Failure 409 what inventory says, 502 `inventory-failed`. */
    async reserve(orderId: string, items: OrderItem[]): Promise<void> {
      const answer = await ask({ method: 'POST', url: `${url}/reservations`, json: { orderId, items } });
      if (answer.status === 201) return;
      if (answer.status !== 409) throw new Failure(502, 'inventory-failed', `Inventory answered ${answer.status}.`);
      const { error } = JSON.parse(answer.body.toString()) as FailureBody;
      throw new Failure(409, error.code, error.message);
    },

    /** Lets go of what is reserved. @throws Failure 502 `inventory-failed`. */
    async release(orderId: string): Promise<void> {
      const answer = await ask({ method: 'DELETE', url: `${url}/reservations/${orderId}` });
      if (answer.status !== 200) throw new Failure(502, 'inventory-failed', `Inventory answered ${answer.status}.`);
    },
  };
}
