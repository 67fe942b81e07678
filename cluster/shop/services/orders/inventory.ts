import { Failure, type FailureBody } from '../../service/failure.ts';
import type { HttpClient } from '../../service/http-client.ts';
import type { OrderItem } from '../../service/order-items.ts';

/** Reserves stock. @throws Failure 409 what inventory says, 502 `inventory-failed`. */
export function inventoryClient(client: HttpClient, url: string) {
  return async (orderId: string, items: OrderItem[]): Promise<void> => {
    const answer = await client({ method: 'POST', url: `${url}/reservations`, json: { orderId, items } }).catch(
      (cause: Error) => {
        throw new Failure(502, 'inventory-failed', `Inventory did not answer: ${cause.message}`, { cause });
      },
    );
    if (answer.status === 201) return;
    if (answer.status !== 409) throw new Failure(502, 'inventory-failed', `Inventory answered ${answer.status}.`);
    const { error } = JSON.parse(answer.body.toString()) as FailureBody;
    throw new Failure(409, error.code, error.message);
  };
}
