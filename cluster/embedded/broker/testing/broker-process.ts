import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findImage } from '../../images/catalogue.ts';

export interface BrokerProcess {
  /** `amqp://user:password@127.0.0.1:port` */
  url: string;
  /** `http://user:password@127.0.0.1:port` */
  management: string;
  pid: number;
  /** Asks it to end, as the kubelet does; resolves with its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts the image `rabbitmq` as the kubelet does, outside of any pod: on free ports of this machine, with its data in a folder. */
export async function startBroker(folder: string, env: Record<string, string> = {}): Promise<BrokerProcess> {
  mkdirSync(folder, { recursive: true });
  const program = await findImage('rabbitmq:4.1-management', false, folder).program({
    ...{ home: folder, scratch: folder, image: 'rabbitmq:4.1-management', command: undefined, args: undefined, env },
    ...{ mounts: [], memoryLimit: null, nodeArguments: [], freePort: () => Promise.reject(new Error('it takes none')) },
  });
  const here = { RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1', RABBITMQ_NODE_PORT: '0', RABBITMQ_MANAGEMENT_PORT: '0' };
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...here, ...env, ...program.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const ports = await Promise.race([portsOf(child.stdout), exit.then(() => null)]);
  if (ports === null) throw new Error(`the broker ended with code ${child.exitCode}`);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await exit)[0];
  };
  const login = `${env.RABBITMQ_DEFAULT_USER ?? 'guest'}:${env.RABBITMQ_DEFAULT_PASS ?? 'guest'}`;
  return {
    url: `amqp://${login}@127.0.0.1:${ports.amqp}`,
    management: `http://${login}@127.0.0.1:${ports.management}`,
    pid: child.pid!,
    stop: () => end(program.stopSignal),
    kill: async () => void (await end('SIGKILL')),
  };
}

async function portsOf(output: NodeJS.ReadableStream): Promise<{ amqp: number; management: number } | null> {
  for await (const line of createInterface(output)) {
    const [, amqp, management] = /^AMQP 0-9-1 at port (\d+), management at port (\d+)/.exec(line) ?? [];
    if (amqp && management) return { amqp: Number(amqp), management: Number(management) };
  }
  return null;
}
