import { once } from 'node:events';
import type { RequestOptions } from 'node:https';
import { WebSocket, type ClientOptions } from 'ws';
import type { AnyJson, TestServer } from './test-server.ts';

/** Commands in the pod `web`. */
export const EXEC = '/api/v1/namespaces/shop/pods/web/exec';

/** With which a client says who it is, and knows the server. */
export function credentials({ config }: TestServer): RequestOptions & { headers: Record<string, string> } {
  const ca = Buffer.from(config.getCurrentCluster()!.caData!, 'base64');
  return { ca, headers: { authorization: `Bearer ${config.getCurrentUser()!.token}` } };
}

/** A WebSocket for a command, and what comes on its channels. */
export async function open(
  server: TestServer,
  query: string,
  protocol = 'v5.channel.k8s.io',
  options: ClientOptions = {},
) {
  const url = `${server.url.replace('https', 'wss')}${EXEC}?${query}`;
  const socket = new WebSocket(url, [protocol], { ...credentials(server), ...options } as ClientOptions);
  const channels: Record<number, string> = {};
  socket.on('message', (message: Buffer) => {
    channels[message[0]!] = (channels[message[0]!] ?? '') + message.subarray(1).toString();
  });
  const closed = once(socket, 'close');
  await once(socket, 'open');
  const ended = async () => {
    await closed;
    return { out: channels[1], err: channels[2], status: JSON.parse(channels[3]!) as AnyJson };
  };
  return { socket, ended };
}
