import { Readable, Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { ended, Resizes, type CommandOptions, type CommandSession } from './command-streams.ts';
import { keepHeartbeat, type Traffic } from './heartbeat.ts';
import type { Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket.ts';

/** Newest first. Every message begins with the number of its channel; v5 adds a message that closes one. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;
/** Bytes of stdin that may wait for the command. */
const HIGH_WATER = 256 * 1024;

/** The newest of the protocols offered that is spoken here. */
export function commandProtocol(offered: string[]): string | undefined {
  return protocols.find((protocol) => offered.includes(protocol));
}

/** Opens the channels of exec and attach, in a protocol that commandProtocol has found. */
export async function webSocketCommand(
  upgrade: Upgrade,
  options: CommandOptions,
  protocol: string,
): Promise<CommandSession> {
  const client = await acceptWebSocket(upgrade, protocol);
  const traffic = { sent: 0, received: 0 };
  keepHeartbeat(upgrade.socket, () => client.ping(), traffic);
  const gone = new AbortController();
  const resizes = new Resizes();
  const stdin = options.stdin ? new Readable({ highWaterMark: HIGH_WATER, read: () => client.resume() }) : null;
  // It may outlive whoever reads it.
  stdin?.on('error', () => undefined);
  let isAtEnd = false;
  client.on('close', () => {
    gone.abort();
    stdin?.destroy();
  });
  client.on('message', (message: Buffer) => {
    traffic.received += 1;
    const [number, data] = [message[0], message.subarray(1)];
    if (number === channel.resize) resizes.receive(data.toString());
    else if (!stdin || stdin.destroyed || isAtEnd) return;
    else if (number === channel.stdin && data.length > 0 && !stdin.push(data)) client.pause();
    else if (number === channel.close && data[0] === channel.stdin) {
      isAtEnd = true;
      stdin.push(null);
    }
  });
  const stdout = options.stdout ? output(client, channel.stdout, traffic) : null;
  const stderr = options.stderr ? output(client, channel.stderr, traffic) : null;
  // Tells the client that it is connected, as upstream does.
  client.send(Buffer.of(stdout ? channel.stdout : stderr ? channel.stderr : channel.status));
  return {
    ...{ stdin, stdout, stderr, tty: options.tty, gone: gone.signal },
    onResize: (listener) => resizes.listen(listener),
    async finish(status) {
      await Promise.all([ended(stdout), ended(stderr)]);
      if (client.readyState !== client.OPEN) return;
      client.send(Buffer.concat([Buffer.of(channel.status), Buffer.from(JSON.stringify(status))]));
      // Nobody reads stdin any more; its close is still to be heard.
      stdin?.destroy();
      client.resume();
      client.close(1000);
    },
  };
}

/** One message for each write, the next once it is on its way. */
function output(client: WebSocket, number: number, traffic: Traffic): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, callback) {
      if (client.readyState !== client.OPEN) return callback();
      traffic.sent += 1;
      client.send(Buffer.concat([Buffer.of(number), chunk]), () => callback());
    },
  });
}
