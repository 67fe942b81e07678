import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.ts';

export type ServiceName =
  | 'gateway'
  | 'auth'
  | 'users'
  | 'catalog'
  | 'orders'
  | 'inventory'
  | 'payments'
  | 'bank'
  | 'loadgen'
  | 'notifications'
  | 'shop-monolith';

/** Runs only where a pattern brings it. */
type FunctionName = 'thumbnails' | 'proxy';

/** A service as a process of its own, as its container would run it. */
export interface RunningService {
  url: string;
  process: ChildProcess;
  /** What it logged, parsed. */
  log: Record<string, unknown>[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  environment: Record<string, string>;
  port: number;
  /** The telemetry bundle to preload. */
  preload?: string | undefined;
}

export async function startService(
  name: ServiceName | FunctionName,
  { environment, port, preload }: StartOptions,
): Promise<RunningService> {
  const entry = join(import.meta.dirname, '..', 'services', name, 'main.ts');
  const child = spawn(process.execPath, [...(preload ? ['--require', preload] : []), entry], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      OTEL_SERVICE_NAME: name,
      POD_NAME: `${name}-test`,
      NODE_COMPILE_CACHE: join(tmpdir(), 'shop-compile-cache'),
      ...environment,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: Record<string, unknown>[] = [];
  createInterface(child.stdout!).on('line', (line) => log.push(JSON.parse(line)));
  createInterface(child.stderr!).on('line', (line) => log.push({ stderr: line }));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = `http://127.0.0.1:${port}`;
  const service: RunningService = {
    url,
    process: child,
    log,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
  try {
    await eventually(
      `${name} is ready`,
      async () => (await fetch(`${url}/readyz`)).status === 200 || undefined,
      60_000,
      () => {
        if (child.exitCode !== null) throw new Error(`${name} ended: ${JSON.stringify(log)}`);
      },
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return service;
}
