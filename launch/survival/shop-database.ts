import pg from 'pg';
import { openTunnel, secretOf } from './tunnel.ts';

/**
 * Asks the shop's own database of orders.
 *
 * @throws Error when it does not answer within `patienceMs`
 */
export async function queryOrders<T extends pg.QueryResultRow>(
  kubeconfig: string,
  sql: string,
  values: unknown[] = [],
  patienceMs = 2_000,
): Promise<T[]> {
  const [user, password] = await Promise.all(
    ['POSTGRES_USER', 'POSTGRES_PASSWORD'].map((key) => secretOf(kubeconfig, 'postgres', key)),
  );
  const tunnel = await openTunnel(kubeconfig, 'postgres', 5432);
  const bounds = { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs }; // the cluster may die meanwhile
  const client = new pg.Client({
    ...{ user, password, ...bounds },
    ...{ host: '127.0.0.1', port: tunnel.port, database: 'orders' },
  });
  client.on('error', () => undefined); // the query has it
  try {
    await client.connect();
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
    tunnel.close();
  }
}
