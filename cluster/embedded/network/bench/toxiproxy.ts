import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FreePorts } from '../free-ports.ts';

/** The server of github.com/Shopify/toxiproxy as others install it; TOXIPROXY_SERVER names it where it is elsewhere. */
const PROGRAM = 'toxiproxy-server';
/** Where Go is, it is built once, from the module proxy. */
const SOURCE = 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0';
const BUILT = fileURLToPath(new URL('../../../../node_modules/.cache/toxiproxy/', import.meta.url));
const TRIES = 100;

export interface Toxiproxy {
  process: ChildProcess;
  /** Leads to the upstream. */
  port: string;
}

/** Starts one in front of a loopback port, to be measured beside us; null where there is none on this machine. */
export async function startToxiproxy(upstreamPort: string): Promise<Toxiproxy | null> {
  const program = process.env.TOXIPROXY_SERVER ?? inPath(PROGRAM) ?? build();
  if (!program) return null;
  const free = new FreePorts();
  const [adminPort, port] = [String(await free.take()), String(await free.take())];
  const server = spawn(program, ['-port', adminPort], { stdio: 'ignore', env: { ...process.env, LOG_LEVEL: 'error' } });
  const failed = new Promise<never>((_resolve, reject) => server.once('error', reject));
  const proxy = { name: 'hop', listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstreamPort}` };
  await Promise.race([failed, create(`http://127.0.0.1:${adminPort}/proxies`, JSON.stringify(proxy))]);
  return { process: server, port };
}

function inPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Undefined where there is no Go, or it cannot build it: it says why. */
function build(): string | undefined {
  const server = join(BUILT, 'server');
  const go = inPath('go');
  if (existsSync(server) || !go) return existsSync(server) ? server : undefined;
  const env = { ...process.env, GOBIN: BUILT, GOFLAGS: '-mod=mod' };
  return spawnSync(go, ['install', SOURCE], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
    ? server
    : undefined;
}

/** Tried again until its API is there. */
async function create(url: string, body: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const { ok, status } = await fetch(url, { method: 'POST', body });
      if (!ok) throw new Error(`toxiproxy answered ${url} with ${status}`);
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
