import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './image.ts';
import { compileCache, nodeFlags } from './node-flags.ts';
import { refuseCommand } from './own-program.ts';

/** A folder of programs that are somebody's own. Nothing that is asked of the cluster writes there, so its owner alone says what runs. */
export function localImagesFolder(home: string): string {
  return join(home, 'images');
}

/** One name, no path: it must not lead out of the folder. */
const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** An image for each folder, or link to one, below `$BREAKWATER_HOME/images`: `local/<its name>`, whatever the tag. */
export function localImages(home: string): Image[] {
  const names = namesIn(localImagesFolder(home)).filter((name) => NAME.test(name));
  return names.sort().map((name) => localImage(join(localImagesFolder(home), name), name));
}

function localImage(folder: string, name: string): Image {
  return {
    name: `local/${name}:*`,
    matches: ({ repository }) => repository === `local/${name}`,
    async program({ home, image, command, args = [], memoryLimit, nodeArguments }) {
      refuseCommand(image, command);
      const cwd = realpathSync(folder);
      return {
        command: process.execPath,
        args: [...nodeFlags(memoryLimit), ...nodeArguments, join(cwd, mainOf(folder)), ...args],
        env: compileCache(home),
        cwd,
        published: [],
        stopSignal: 'SIGTERM',
      };
    },
  };
}

/** Throws an Error that says what is wrong with the folder. */
function mainOf(folder: string): string {
  const file = join(folder, 'package.json');
  let main: unknown;
  try {
    main = (JSON.parse(readFileSync(file, 'utf8')) as { main?: unknown } | null)?.main;
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (typeof main !== 'string' || !main) throw new Error(`${file} has no "main" that names the program's file`);
  return main;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
