import { SpdyConnection } from '../spdy/connection.ts';
import type { SpdyStream } from '../spdy/stream.ts';
import { ended, Resizes, type CommandOptions, type CommandSession } from './command-streams.ts';
import { keepHeartbeat } from './heartbeat.ts';
import { acceptSpdy, type Upgrade } from './upgrade.ts';

/** The protocol in which the status of the end is a Status, and terminals have a size; kubectl has spoken it since 1.4. */
export const SPDY_COMMAND_PROTOCOL = 'v4.channel.k8s.io';
/** As upstream: how long the client may take to open its streams. */
const CREATION_MS = 30_000;
/** In characters: `{"Width":65535,"Height":65535}` and some. */
const LONGEST_SIZE = 100;

/** Opens the streams of exec and attach; resolves to null when the client leaves or does not open what it has announced. */
export async function spdyCommand(
  upgrade: Upgrade,
  options: CommandOptions,
  protocol: string,
): Promise<CommandSession | null> {
  acceptSpdy(upgrade, protocol);
  const gone = new AbortController();
  const streams = new Map<string, SpdyStream>();
  const expected = ['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => options[name])];
  if (options.tty) expected.push('resize');
  const complete = Promise.withResolvers<boolean>();
  const connection = new SpdyConnection(upgrade.socket, 'server', (stream) => {
    const type = stream.headers.get('streamtype') ?? '';
    if (!expected.includes(type) || streams.has(type)) {
      // Nobody would ever read it; and who opens such streams by the thousand would keep us busy long after leaving.
      stream.destroy();
      return connection.close();
    }
    streams.set(type, stream);
    if (streams.size === expected.length) complete.resolve(true);
  });
  keepHeartbeat(upgrade.socket, () => connection.ping(), connection.traffic);
  void connection.closed.then(() => {
    gone.abort();
    complete.resolve(false);
  });
  const timer = setTimeout(() => complete.resolve(false), CREATION_MS);
  const isComplete = await complete.promise;
  clearTimeout(timer);
  if (!isComplete) {
    connection.close();
    return null;
  }
  const stream = (name: string) => streams.get(name) ?? null;
  const resizes = new Resizes();
  let line = '';
  stream('resize')?.on('data', (data: Buffer) => {
    const lines = (line + data.toString()).split('\n');
    line = lines.pop()!.slice(0, LONGEST_SIZE);
    for (const each of lines) resizes.receive(each);
  });
  return {
    ...{ stdin: stream('stdin'), stdout: stream('stdout'), stderr: stream('stderr') },
    ...{ tty: options.tty, gone: gone.signal },
    onResize: (listener) => resizes.listen(listener),
    async finish(status) {
      await Promise.all([ended(stream('stdout')), ended(stream('stderr'))]);
      const error = stream('error')!;
      error.write(JSON.stringify(status));
      await ended(error);
      connection.close();
    },
  };
}
