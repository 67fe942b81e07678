import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const lockFile = join(here, '..', '..', '..', 'package-lock.json');

/**
 * Bundles the telemetry preload into one CommonJS file for `node --require`: one file starts twice as fast as the
 * packages, and CommonJS is loaded in every thread of a process. Does nothing when the file is up to date.
 *
 * @param outFile default `$BREAKWATER_HOME/cache/telemetry.cjs`.
 * @returns the file's path.
 */
export async function buildTelemetry(outFile = defaultFile()): Promise<string> {
  const madeOf = `// ${await fingerprint()}`;
  if ((await firstLine(outFile)) === madeOf) return outFile;
  // Loaded only now: it costs more than finding out that there is nothing to do.
  const { build, stop } = await import('esbuild');
  await mkdir(dirname(outFile), { recursive: true });
  const unfinished = `${outFile}.${process.pid}`;
  await build({
    entryPoints: [join(here, 'preload.ts')],
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
  });
  await stop(); // its service process would stay, and hold 60 MB
  await rename(unfinished, outFile);
  return outFile;
}

function defaultFile(): string {
  return join(process.env['BREAKWATER_HOME'] || '.breakwater', 'cache', 'telemetry.cjs');
}

/** Changes with our sources and with the packages, whose versions the lock file holds. */
async function fingerprint(): Promise<string> {
  const digest = createHash('sha256');
  const sources = (await readdir(here)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  for (const file of [...sources.map((name) => join(here, name)), lockFile]) digest.update(await readFile(file));
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
