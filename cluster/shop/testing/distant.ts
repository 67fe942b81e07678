import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';

/** The address of a server as from far away: every byte takes `ms` each way. */
export async function distant(url: string, ms: number): Promise<{ url: string; close(): void }> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket.setNoDelay());
      socket.once('close', () => open.delete(socket));
    }
    pipeline(near, delayed(ms), far, delayed(ms), near, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function delayed(ms: number): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => void setTimeout(() => done(null, chunk), ms),
  });
}
