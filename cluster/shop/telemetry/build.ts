import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;

/**
 * Bundles the telemetry preload into one CommonJS file for `node --require`: one file starts twice as fast as the
 * packages, and CommonJS is loaded in every thread of a process. Does nothing when the file is there already.
 *
 * @param outFile default `$BREAKWATER_HOME/cache/telemetry-<hash of sources and versions>.cjs`.
 * @returns the file's path.
 */
export async function buildTelemetry(outFile?: string): Promise<string> {
  const target =
    outFile ?? join(process.env['BREAKWATER_HOME'] || '.breakwater', 'cache', `telemetry-${await hash()}.cjs`);
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  await build({
    entryPoints: [join(here, 'preload.ts')],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    logLevel: 'error',
  });
  await rename(unfinished, target);
  return target;
}

/** Changes with our sources and with every OpenTelemetry package they use. */
async function hash(): Promise<string> {
  const digest = createHash('sha256');
  const sources = (await readdir(here)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const require = createRequire(import.meta.url);
  for (const name of sources) {
    const source = await readFile(join(here, name), 'utf8');
    digest.update(source);
    for (const [, packageName] of source.matchAll(/from '(@opentelemetry\/[\w-]+)'/g)) {
      digest.update(await readFile(require.resolve(`${packageName}/package.json`)));
    }
  }
  return digest.digest('hex').slice(0, 16);
}

async function exists(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
