import { CoreV1Api, KubeConfig, PortForward } from '@kubernetes/client-node';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * Orders in the shop's own database, over a port-forward as kubectl makes one.
 *
 * @throws Error when it does not answer within `patienceMs`
 */
export async function acceptedOrders(kubeconfig: string, patienceMs = 2_000): Promise<number> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const { items } = await api.listNamespacedPod({ namespace: 'shop', labelSelector: 'app=postgres' });
  const pod = items[0]?.metadata?.name;
  if (!pod) throw new Error('There is no pod of postgres.');
  const { data } = await api.readNamespacedSecret({ namespace: 'shop', name: 'postgres' });
  const secret = (name: string) => Buffer.from(data?.[name] ?? '', 'base64').toString();

  const forward = new PortForward(config);
  const tunnel = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    forward.portForward('shop', pod, [5432], socket, null, socket).catch((error: Error) => socket.destroy(error));
  });
  await once(tunnel.listen(0, '127.0.0.1'), 'listening');
  const { port } = tunnel.address() as AddressInfo;
  const login = { user: secret('POSTGRES_USER'), password: secret('POSTGRES_PASSWORD') };
  const bounds = { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs }; // the cluster may die meanwhile
  const client = new pg.Client({ ...login, ...bounds, host: '127.0.0.1', port, database: 'orders' });
  client.on('error', () => undefined); // the query has it
  try {
    await client.connect();
    const { rows } = await client.query<{ count: string }>("SELECT count(*) FROM orders WHERE status = 'accepted'");
    return Number(rows[0]?.count);
  } finally {
    await client.end();
    tunnel.close();
  }
}
