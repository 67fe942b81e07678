import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../../testing/eventually.ts';
import { freePort } from '../../../testing/free-port.ts';

export interface RunningAgent {
  counts(): Promise<Record<'read' | 'shipped' | 'dropped' | 'buffered', number>>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** The log agent as a process of its own, as its container would run it; it ends with the test. */
export async function startAgent(
  t: TestContext,
  sinkUrl: string,
  environment: Record<string, string>,
): Promise<RunningAgent> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
    env: {
      ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(tmpdir(), 'shop-compile-cache'), PORT: String(port) },
      ...{ POD_NAME: 'orders-1', POD_NAMESPACE: 'shop', NODE_NAME: 'node-1' },
      ...{ LOG_SINK_URL: sinkUrl, METRICS_URL: sinkUrl, ...environment },
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  t.after(() => end('SIGKILL'));
  const counts = async () => (await fetch(`http://127.0.0.1:${port}/`)).json() as never;
  await eventually('the agent answers', () => counts().catch(() => undefined));
  return { counts, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
