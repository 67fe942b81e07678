import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What "npm start" may take, with nothing in its state folder and the page to be built. */
const startMs = 240_000;

export interface Product {
  url: string;
  /** Its exit code, once it has ended by itself or by Ctrl-C. */
  ended: Promise<number>;
  stop(): Promise<void>;
}

/** Starts Breakwater as a user does, in a state folder of its own. @param written a lab to read again whenever it is saved */
export async function startProduct(written?: string): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-lab-'));
  const product = spawn(process.execPath, ['launch/start.mjs'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      // For this machine only: an address with an access code in it is for people to open.
      ...{ HOST: undefined, BREAKWATER_HOSTS: undefined },
      ...{ PORT: process.env['PORT'] ?? '0', BREAKWATER_HOME: join(folder, 'home') },
      BREAKWATER_STARTER: String(process.pid), // it ends when we are gone
      ...(written === undefined ? {} : { BREAKWATER_LAB: written }),
    },
  });
  const ended = once(product, 'exit').then(([code]) => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    return (code as number | null) ?? 1;
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    product.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
      const found = /^Open (\S+)\n/m.exec(output)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`Breakwater ended with exit code ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`Breakwater is not up after ${startMs} ms:\n${output}`)), startMs).unref();
  });
  return {
    url,
    ended,
    async stop() {
      product.kill('SIGINT');
      await ended;
    },
  };
}
