import { chown, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerContext, Image } from '../image.ts';
import { processIdentity } from '../../kubelet/process-identity.ts';
import { pathWithin } from '../../mounts/mount-view.ts';
import { refuseCommand } from '../own-program.ts';
import { postgresBinaries } from './binaries.ts';
import { endOrphans } from './orphans.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

const entrypoint = fileURLToPath(new URL('./entrypoint.sh', import.meta.url));

/** Where the official image keeps its data, up to version 17 and from 18 on. */
const usualFolders = ['/var/lib/postgresql/data', '/var/lib/postgresql'];

/**
 * A server for a dozen small services, not for a machine of its own. Durability is left alone: what was acknowledged
 * survives (fsync and synchronous_commit keep their defaults).
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // In files of the data folder: what a killed server leaves in /dev/shm is only ever removed by its next start.
  dynamic_shared_memory_type: 'mmap',
  shared_buffers: '16MB',
  max_connections: '120',
  // Nothing replicates from here, and reads need no workers of their own.
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  // After a crash. File by file, which is the default, takes seconds for the 2500 files of the shop's databases.
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
};

/** The real PostgreSQL server, with the environment variables of the official image. */
export const postgres: Image = {
  name: 'postgres:*',
  matches: ({ repository }) => repository === 'postgres',
  async program(context) {
    const { env, args = [], scratch, freePort } = context;
    refuseCommand(context.image, context.command);
    const asked = serverArguments(args);
    refuseLines(env);
    const binaries = await postgresBinaries();
    const data = await dataFolder(context);
    const user = await unprivilegedUser([binaries, dirname(entrypoint), dirname(dirname(data)), scratch]);
    if (user) await chown(dirname(data), user.uid, user.gid);
    await endStale(data);
    const realPort = await freePort();
    const server = Object.entries({ ...settings, port: realPort }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const [command, ...rest] = [...(user?.wrapper ?? []), 'sh', entrypoint, ...asked, ...server];
    const superuser = env.POSTGRES_USER || 'postgres';
    return {
      command: command!,
      args: rest,
      env: {
        PGBIN: binaries,
        PGDATA: data,
        POSTGRES_USER: superuser,
        POSTGRES_DB: env.POSTGRES_DB || superuser,
        LC_ALL: 'C',
      },
      cwd: dirname(data),
      ...(user && !user.wrapper && { user: { uid: user.uid, gid: user.gid } }),
      published: [{ podPort: 5432, realPort }],
      // SIGTERM would wait for every client to leave; this one asks them to.
      stopSignal: 'SIGINT',
    };
  },
};

/** What a manifest may set: nothing by which the server runs a program, loads a library or reads a file. */
const harmless =
  /^(work_mem|maintenance_work_mem|temp_buffers|max_connections|shared_buffers|statement_timeout|lock_timeout|deadlock_timeout|idle_in_transaction_session_timeout|log_min_duration_statement|log_statement|log_lock_waits|log_connections|log_disconnections|synchronous_commit|checkpoint_timeout|max_wal_size|effective_cache_size|random_page_cost|autovacuum)=/;

/** `postgres -c work_mem=8MB` and `-c work_mem=8MB` mean the same to the official image. Throws an Error for other settings. */
function serverArguments(args: string[]): string[] {
  const settings = args[0] === 'postgres' ? args.slice(1) : args;
  const refused = settings.find((each, index) => (index % 2 === 0 ? each !== '-c' : !harmless.test(each)));
  if (refused === undefined) return settings;
  throw new Error(
    `postgres: "${refused}" is no setting that this image takes; use \`-c name=value\` with a setting of memory, time limits or logging.`,
  );
}

/** Refuses names of several lines: the server that makes the database takes each line for a command, and a superuser's may run programs. */
function refuseLines(env: Record<string, string>): void {
  // eslint-disable-next-line no-control-regex
  const name = ['POSTGRES_DB', 'POSTGRES_USER'].find((each) => /[\x00-\x1f\x7f]/.test(env[each] ?? ''));
  if (name === undefined) return;
  throw new Error(`postgres: ${name} must be a name of one line, without control characters.`);
}

/** The folder for PGDATA on this machine: in a volume if the Pod mounts one there, else it goes with the pod. */
async function dataFolder({ env, mounts, scratch }: ContainerContext): Promise<string> {
  const wanted = env.PGDATA ? [env.PGDATA] : usualFolders;
  for (const folder of wanted) {
    const mount = mounts.find(({ mountPath }) => pathWithin(mountPath, folder) !== null);
    if (!mount) continue;
    // A folder below the volume: the server insists on owning its data folder, and it has to be movable into place.
    const data = join(mount.directory, relative(mount.mountPath, folder) || 'pgdata');
    await mkdir(dirname(data), { recursive: true });
    return data;
  }
  const folder = join(scratch, 'postgres');
  await mkdir(folder, { recursive: true });
  return join(folder, 'pgdata');
}

/**
 * A server that was killed leaves its lock, and processes of its own, and the next one respects it if any process has got that pid since, or if nobody
 * has read yet how it ended. Where the system can tell that this process is no living PostgreSQL, the lock is void.
 */
async function endStale(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const content = await contentOf(lock);
  if (content === null || process.platform !== 'linux') return;
  const pid = Number(content.split('\n')[0]);
  const holder = processIdentity(pid) === null ? null : await contentOf(`/proc/${pid}/comm`);
  if (holder?.trim() === 'postgres') return;
  await endOrphans(await realpath(data));
  await rm(lock, { force: true });
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
