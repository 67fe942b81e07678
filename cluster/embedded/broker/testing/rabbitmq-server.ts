import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's; the one in the path changes to a user of its own, and to its own folders. */
const program = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Why there is none here; false where there is one. */
export const noRabbitmq = existsSync(program)
  ? false
  : 'rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)';

export interface RabbitmqServer {
  url: string;
  management: string;
  /** Of the Erlang machine. */
  pid: number;
  stop(): Promise<void>;
}

/** Starts a real RabbitMQ on free ports of this machine, with everything it writes in a folder. Takes it 5 to 30 s. */
export async function startRabbitmq(folder: string): Promise<RabbitmqServer> {
  mkdirSync(folder, { recursive: true });
  const [amqp, management, distribution, mapper] = await freePorts(4);
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp.1 = 127.0.0.1:${amqp}\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = ${management}\n` +
      'management_agent.disable_metrics_collector = false\ncollect_statistics_interval = 250\n',
  );
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].');
  const env = {
    ...{
      PATH: process.env.PATH,
      HOME: folder,
      LANG: 'C.UTF-8',
      ERL_EPMD_PORT: String(mapper),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    },
    ...{ RABBITMQ_NODENAME: 'suite@localhost', RABBITMQ_DIST_PORT: String(distribution), RABBITMQ_LOGS: '-' },
    ...{ RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'log') },
    ...{
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    },
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    NODE_ENV: 'test',
  } as const;
  // Its port mapper too is ours to end: the server would leave one behind.
  const epmd = spawn('epmd', ['-port', String(mapper), '-address', '127.0.0.1'], { env, stdio: 'ignore' });
  const server = spawn(program, [], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async () => {
    await Promise.all([end(server), end(epmd)]);
  };
  const pid = await started(server).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    ...{ url: `amqp://guest:guest@127.0.0.1:${amqp}`, management: `http://guest:guest@127.0.0.1:${management}` },
    ...{ pid, stop },
  };
}

/** Its program becomes the Erlang machine (`exec`), so that its pid is the child's own. */
async function started(server: ChildProcess): Promise<number> {
  const lines: string[] = [];
  for await (const line of createInterface(server.stdout!)) {
    lines.push(line);
    if (!line.includes('Server startup complete')) continue;
    server.stdout!.resume();
    return server.pid!;
  }
  throw new Error(`rabbitmq-server did not start:\n${lines.slice(-20).join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}
