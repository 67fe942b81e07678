import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { clusterArguments } from '../../launch/node-arguments.ts';
import { root } from '../../launch/product.ts';

const program = join(root, 'cluster', 'embedded', 'main.ts');

/** An embedded cluster in a process of its own, and a bare keep-alive client of its API: nothing of ours is between. */
export interface RunningCluster {
  pid: number;
  /** When its process was begun, by `performance.now()`. */
  startedAt: number;
  /** Status and body, as JSON. Rejects with the errno of the connection. */
  send(method: string, path: string, body?: unknown, type?: string): Promise<{ status: number; body: unknown }>;
  /** The answer to a GET, unread: a watch. */
  open(path: string): Promise<IncomingMessage>;
  stop(): Promise<void>;
}

/** Starts one as the product does, and does not wait for anything. A home that has been used before knows its port and certificate already. */
function spawnCluster(home: string): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...clusterArguments, program], {
    env: {
      ...process.env,
      BREAKWATER_HOME: home,
      BREAKWATER_ANY_PROGRAM: 'yes',
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Starts one and waits until its API answers that it is ready. */
export async function startCluster(home: string): Promise<RunningCluster> {
  const startedAt = performance.now();
  const child = spawnCluster(home);
  const gone = once(child, 'exit');
  const kubeconfig = join(home, 'kubeconfig');
  let client = existsSync(kubeconfig) ? clientOf(kubeconfig) : null;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the cluster ended with ${child.exitCode}`);
    client ??= existsSync(kubeconfig) ? clientOf(kubeconfig) : null;
    // It is not there yet.
    const ready = await client?.send('GET', '/readyz').catch(() => null);
    if (client && ready?.status === 200) {
      const stop = async () => {
        child.send({ type: 'stop' });
        await gone;
      };
      return { pid: child.pid!, startedAt, ...client, stop };
    }
    await delay(2);
  }
}

function clientOf(kubeconfig: string): Pick<RunningCluster, 'send' | 'open'> {
  const config = new KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, 'utf8'));
  const { server, caData = '' } = config.getCurrentCluster()!;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(caData, 'base64') });
  const authorization = `Bearer ${config.getCurrentUser()!.token}`;

  async function open(path: string, method = 'GET', body?: unknown, type = 'application/json') {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const length = text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
    const outgoing = request(new URL(path, server), { method, agent, headers: { authorization, ...length } });
    outgoing.end(text);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return incoming;
  }
  return {
    open,
    async send(method, path, body, type) {
      const incoming = await open(path, method, body, type);
      let text = '';
      for await (const chunk of incoming) text += String(chunk);
      const isJson = incoming.headers['content-type']?.startsWith('application/json');
      return { status: incoming.statusCode!, body: isJson ? JSON.parse(text) : text };
    },
  };
}
