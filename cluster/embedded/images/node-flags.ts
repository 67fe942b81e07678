import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const mebibyte = 2 ** 20;
const keepCompileCache = fileURLToPath(new URL('./keep-compile-cache.cjs', import.meta.url));

/**
 * Arguments of node that keep a small service small: V8 sizes itself for a machine of its own, here a dozen services share
 * one. A young generation of 1 MB and one helper thread save 10 MB of 43 a service, at no cost that shows at 50 requests a
 * second. All services get the same ones, for compiled code is only good for the same flags.
 *
 * The old generation may grow to the container's memory limit and no further. The limit counts all of the process, so it is
 * met before V8 gives up: a leak ends as it does elsewhere, killed for its memory.
 */
export function nodeFlags(memoryLimit: number | null): string[] {
  const flags = ['--max-semi-space-size=1', '--v8-pool-size=1', '--require', keepCompileCache];
  if (memoryLimit !== null) flags.push(`--max-old-space-size=${Math.max(16, Math.floor(memoryLimit / mebibyte))}`);
  return flags;
}

/**
 * Compiled code is kept between starts: a start without it takes twice as long, and 10 MB more for the compiler of
 * TypeScript. Whoever starts the cluster may say where, so that a new BREAKWATER_HOME need not begin anew.
 */
export function compileCache(home: string): Record<string, string> {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || join(home, 'cache', 'compile') };
}
