import { CoreV1Api, KubeConfig, PortForward } from '@kubernetes/client-node';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A port of this machine whose connections lead to a port of some running pod of an app of the shop, as `kubectl port-forward` does it. */
export interface Tunnel {
  port: number;
  close(): void;
}

export async function openTunnel(kubeconfig: string, app: string, podPort: number): Promise<Tunnel> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const forward = new PortForward(config);
  const open = new Set<Socket>();
  async function lead(socket: Socket): Promise<void> {
    const { items } = await api.listNamespacedPod({ namespace: 'shop', labelSelector: `app=${app}` });
    const pod = items.find(({ metadata, status }) => !metadata?.deletionTimestamp && status?.phase === 'Running');
    if (!pod?.metadata?.name) throw new Error(`There is no running pod of ${app}.`);
    await forward.portForward('shop', pod.metadata.name, [podPort], socket, null, socket);
  }
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    lead(socket).catch(() => socket.destroy()); // its client sees the end of the connection
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** A value of one of the shop's Secrets. */
export async function secretOf(kubeconfig: string, name: string, key: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { data } = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace: 'shop', name });
  return Buffer.from(data?.[key] ?? '', 'base64').toString();
}
