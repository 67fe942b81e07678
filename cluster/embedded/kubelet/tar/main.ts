import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-fs';

/**
 * The `tar` of a container, as far as `kubectl cp` calls it: `tar cf - PATH` and `tar [--no-same-...] -xmf - [-C FOLDER]`. A program of Node,
 * so that it sees the volumes where the container does.
 */
const words = process.argv.slice(2);
try {
  if (words[0] === 'cf') await send(words[2]!);
  else await receive(words.includes('-C') ? words[words.indexOf('-C') + 1]! : '.');
} catch (error) {
  console.error(`tar: ${(error as Error).message}`);
  process.exitCode = 2;
}

async function send(path: string): Promise<void> {
  const absolute = resolve(path);
  // As any tar does: no name in the archive begins at the root.
  const above = dirname(path).replace(/^\/+/, '');
  const named = (header: { name: string }) => ({ ...header, name: join(above, header.name) });
  await pipeline(pack(dirname(absolute), { entries: [basename(absolute)], map: named }), process.stdout);
}

async function receive(folder: string): Promise<void> {
  await pipeline(process.stdin, extract(folder));
}
