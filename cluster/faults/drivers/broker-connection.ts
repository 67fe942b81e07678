import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type ChannelModel } from 'amqplib';
import { patienceMs } from './driver.ts';

export interface Credentials {
  user: string;
  password: string;
}

/**
 * A connection to a broker that is reached by `dial` alone. amqplib dials itself, so it is given a port of this machine's loopback that
 * takes one connection. Rejects when the broker does not answer in time.
 */
export async function brokerConnection(
  dial: () => Promise<Duplex>,
  { user, password }: Credentials,
): Promise<ChannelModel> {
  const stream = await dial();
  const relay = createServer((socket) => {
    relay.close();
    socket.pipe(stream).pipe(socket);
    for (const end of [socket, stream]) {
      end.on('error', () => undefined); // what uses the connection has it
      end.once('close', () => {
        socket.destroy();
        stream.destroy();
      });
    }
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  const { port } = relay.address() as AddressInfo;
  try {
    const connection = await connect(
      { protocol: 'amqp', hostname: '127.0.0.1', port, username: user, password, heartbeat: 5 },
      { timeout: patienceMs },
    );
    connection.on('error', () => undefined); // `close` follows
    return connection;
  } catch (error) {
    stream.destroy();
    throw error;
  } finally {
    relay.close();
  }
}
