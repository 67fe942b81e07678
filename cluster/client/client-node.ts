import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Plugin } from 'esbuild';

export interface ClientNode {
  KubeConfig: new () => KubeConfig;
}

const root = join(import.meta.dirname, '..', '..');
const bundle = join(root, 'node_modules', '.cache', 'breakwater', 'client-node.cjs');

/** client-node's way to a cluster: kubeconfigs with every kind of credentials and proxy. Built at the first use of each version. */
export async function clientNode(): Promise<ClientNode> {
  await buildClientNode(bundle);
  return (await import(pathToFileURL(bundle).href)) as ClientNode;
}

/**
 * Bundles `KubeConfig` into one tree-shaken file, since importing it from the package loads every model of every API group
 * (75 MB; this file takes 8). Does nothing when the file is up to date.
 */
async function buildClientNode(file: string): Promise<void> {
  const madeOf = `// ${await fingerprint()}`;
  if ((await firstLine(file)) === madeOf) return;
  // Loaded only now: it costs more than finding out that there is nothing to do.
  const { build, stop } = await import('esbuild');
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await build({
    entryPoints: [join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'config.js')],
    outfile: unfinished,
    banner: { js: madeOf },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    logLevel: 'error',
    plugins: [withoutApiClients],
  });
  await stop(); // its service process would stay, and hold 60 MB
  await rename(unfinished, file);
}

/**
 * What makes API clients and sends their requests stays out: the generated API, and undici (11 MB). Our requests go by
 * node:https, with the options that KubeConfig gives for it. Whatever else came to use it would hear so.
 */
const withoutApiClients: Plugin = {
  name: 'without-api-clients',
  setup(build) {
    build.onResolve({ filter: /^undici$|^\.\/gen\// }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => {
      const leftOut = `() => { throw new Error(${JSON.stringify(`${path} is not in this bundle; see cluster/client/client-node.ts`)}); }`;
      return { contents: `module.exports = new Proxy({}, { get: () => ${leftOut} });` };
    });
  },
};

/** Changes with this file and with the packages, whose versions the lock file holds. */
async function fingerprint(): Promise<string> {
  const digest = createHash('sha256');
  for (const file of [import.meta.filename, join(root, 'package-lock.json')]) digest.update(await readFile(file));
  return digest.digest('hex');
}

async function firstLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).split('\n', 1)[0];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
