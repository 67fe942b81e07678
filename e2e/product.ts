import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What "npm start" may take, with nothing in its state folder. */
const startMs = 90_000;

/** The journeys' product has a lab that somebody begins to write: nothing of it is there yet. */
export const writtenLab = '90-being-written';

/**
 * Starts Breakwater as a user does, in a state folder of its own; the journeys find its URL in BREAKWATER_URL and the
 * folder in BREAKWATER_TEST_HOME.
 */
export default async function startProduct(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-e2e-home-'));
  const home = join(folder, 'home');
  process.env.BREAKWATER_TEST_HOME = home;
  const product = spawn(process.execPath, ['launch/start.mjs'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    // The last one makes it end when we are gone.
    env: {
      ...process.env,
      ...{ PORT: '0', BREAKWATER_HOME: home, BREAKWATER_LAB: writtenLab },
      BREAKWATER_STARTER: String(process.pid),
    },
  });
  let output = '';
  process.env.BREAKWATER_URL = await new Promise<string>((resolve, reject) => {
    product.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
      const url = /^Open (\S+)\n/m.exec(output)?.[1];
      if (url) resolve(url);
    });
    product.once('exit', (code) => reject(new Error(`Breakwater ended with exit code ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`Breakwater is not up after ${startMs} ms:\n${output}`)), startMs).unref();
  });
  return async () => {
    const gone = once(product, 'exit');
    if (product.exitCode === null) {
      product.kill('SIGINT');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
