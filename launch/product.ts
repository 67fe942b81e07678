import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The whole of Breakwater as a child process: for tests of its processes, benchmarks and screenshots. */
export interface Product {
  /** Of the page; empty where only the cluster was started. */
  url: string;
  kubeconfig: string;
  home: string;
  process: ChildProcess;
  /** From the command to the page answering, and to the shop accepting orders; ms. */
  startedIn: { page: number; orders: number };
  /** All it has printed. */
  output(): string;
  /** As Ctrl-C does. Removes the state folder if it was made here. */
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** State folder; by default a new one, which stop() removes. */
  home?: string;
  env?: Record<string, string>;
  /** In place of this Node with launch/start.mjs. */
  command?: string[];
  timeoutMs?: number;
}

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts Breakwater on a free port, and waits until it has printed its URL: by then the shop accepts orders.
 *
 * @throws Error with all that it printed, when it ends or the time is up before
 */
export async function startProduct({ home, env, command, timeoutMs = 90_000 }: ProductOptions = {}): Promise<Product> {
  const folder = home ?? join(mkdtempSync(join(tmpdir(), 'breakwater-')), 'home');
  const [program = process.execPath, ...args] = command ?? [process.execPath, 'launch/start.mjs'];
  const since = performance.now();
  const child = spawn(program, args, {
    cwd: root,
    detached: true, // A process group of its own, as a terminal would give it: signals can be sent to all of it.
    stdio: ['ignore', 'pipe', 'pipe'],
    // The last one makes it end when we are gone.
    env: { ...process.env, PORT: '0', BREAKWATER_HOME: folder, BREAKWATER_STARTER: String(process.pid), ...env },
  });
  let output = '';
  const startedIn = { page: NaN, orders: NaN };
  const printed = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (!startedIn.page && output.includes('the page answers')) startedIn.page = performance.now() - since;
      if (!startedIn.orders && output.includes('accepts orders')) startedIn.orders = performance.now() - since;
      if (/^export KUBECONFIG=.*\n/m.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`Breakwater ended (${signal ?? code}):\n${output}`)));
    setTimeout(() => reject(new Error(`Breakwater is not up after ${timeoutMs} ms:\n${output}`)), timeoutMs).unref();
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      process.kill(-child.pid!, 'SIGINT');
      await gone;
    }
    if (!home) rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await printed;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: /^Open (\S+)$/m.exec(output)?.[1] ?? '',
    kubeconfig: /^export KUBECONFIG=(.*)$/m.exec(output)![1]!,
    home: folder,
    process: child,
    startedIn,
    output: () => output,
    stop,
  };
}
