import { queryOrders } from './shop-database.ts';

/**
 * Orders that the shop has accepted, as its own database has them.
 *
 * @throws Error when it does not answer within `patienceMs`
 */
export async function acceptedOrders(kubeconfig: string, patienceMs?: number): Promise<number> {
  const sql = "SELECT count(*) FROM orders WHERE status = 'accepted'";
  const [row] = await queryOrders<{ count: string }>(kubeconfig, sql, [], patienceMs);
  return Number(row?.count);
}
