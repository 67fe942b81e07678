import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a consumer and its broker. What the broker sends always comes through. */
export interface AckHold {
  url: string;
  /** From now on nothing that the consumer says reaches the broker, its acknowledgements above all. */
  hold(): void;
  /** Breaks the connections, whatever was held is lost; new ones work. */
  break(): void;
  close(): void;
}

export async function startAckHold(brokerUrl: string): Promise<AckHold> {
  const broker = new URL(brokerUrl);
  const sockets = new Set<Socket>();
  let held = false;
  const server = createServer((client) => {
    const upstream = connect(Number(broker.port), broker.hostname);
    client.on('data', (bytes) => {
      if (!held) upstream.write(bytes);
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // both are broken on purpose
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(brokerUrl);
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    held = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    hold: () => void (held = true),
    break: breakAll,
    close() {
      server.close();
      breakAll();
    },
  };
}
