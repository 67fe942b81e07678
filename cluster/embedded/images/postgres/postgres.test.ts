import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { processIdentity } from '../../kubelet/process-identity.ts';
import { until } from '../../testing/until.ts';
import { postgres } from './postgres.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function folders(t: TestContext, mode: number) {
  const home = mkdtempSync(join(tmpdir(), 'postgres-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const [scratch, directory] = [join(home, 'scratch'), join(home, 'volume')];
  for (const folder of [scratch, directory]) mkdirSync(folder);
  chmodSync(home, mode);
  return { home, scratch, directory };
}

/** Starts the server as the kubelet would; resolves with its port once it takes connections. */
async function start(
  t: TestContext,
  { home, scratch, directory }: ReturnType<typeof folders>,
  env: Record<string, string>,
) {
  const program = await postgres.program({
    ...{ home, scratch, env, freePort, image: 'postgres:18', command: undefined, args: undefined },
    ...{ memoryLimit: null, nodeArguments: [], mounts: [{ mountPath: '/var/lib/postgresql/data', directory }] },
  });
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env, ...program.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...program.user,
  });
  const exit = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const lines: string[] = [];
  const reader = createInterface(child.stderr).on('line', (line) => lines.push(line));
  await Promise.race([
    once(reader, 'close'),
    new Promise<void>((resolve) => {
      reader.on('line', (line) => {
        if (line.includes('ready to accept connections')) resolve();
      });
    }),
  ]);
  const stop = async () => {
    child.kill(program.stopSignal);
    return exit;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    return exit;
  };
  return { port: program.published[0]!.realPort, lines, stop, kill, exit };
}

const shop = { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'sesame', POSTGRES_DB: 'orders "2"' };

test('the user, password and database of the environment are made on the first start and kept on the next', async (t) => {
  const place = folders(t, 0o755);
  for (const round of ['first', 'second']) {
    const { port, stop } = await start(t, place, shop);
    const client = new Client({ host: '127.0.0.1', port, user: 'shop', password: 'sesame', database: 'orders "2"' });
    await client.connect();
    if (round === 'first') await client.query('CREATE TABLE kept (id int)');
    const { rows } = await client.query(`SELECT count(*)::int AS n, current_setting('fsync') AS fsync FROM kept`);
    assert.deepEqual(rows, [{ n: 0, fsync: 'on' }]);
    const cut = new Promise((resolve) => client.on('error', resolve));
    assert.deepEqual(await stop(), [0, null], 'it stops although a client is connected');
    await cut;
  }
});

test(
  'a server that is killed leaves nothing outside of its folders',
  { skip: !existsSync('/dev/shm') && 'no /dev/shm here' },
  async (t) => {
    const place = folders(t, 0o755);
    const { kill } = await start(t, place, shop);
    const files = readdirSync(join(place.directory, 'pgdata', 'pg_dynshmem'));
    await kill();
    assert.notDeepEqual(files, [], 'its shared memory is in its data folder');
  },
);

test(
  'a server that was killed is started again at once, although a process of it still computes',
  { skip: process.platform !== 'linux' && 'finds processes through /proc' },
  async (t) => {
    const place = folders(t, 0o755);
    const { port, kill } = await start(t, place, shop);
    const client = new Client({ host: '127.0.0.1', port, user: 'shop', password: 'sesame', database: 'orders "2"' });
    const cut = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    client
      .query('SELECT count(*) FROM generate_series(1, 1000000000) AS a, generate_series(1, 1000000000)')
      .catch(() => {});
    const { pid } = rows[0]!;
    await until('it computes', () => processStateOf(pid) === 'R');
    await kill();
    const { lines } = await start(t, place, shop);
    assert.match(lines.at(-1)!, /ready to accept connections/);
    assert.equal(processIdentity(pid), null);
    await cut;
  },
);

test(
  'the lock of a server that is dead, though nobody has read how it ended, is void',
  { skip: process.platform !== 'linux' && 'finds processes through /proc' },
  async (t) => {
    const place = folders(t, 0o755);
    await (await start(t, place, shop)).stop();
    // A process of that name, and of the server's own user: the server believes no other.
    const named = join(place.home, 'postgres');
    copyFileSync('/bin/cat', named);
    chmodSync(named, 0o755);
    const { uid, gid } = statSync(join(place.directory, 'pgdata'));
    // By way of 3, as a shell gives what it starts behind itself an input that is at its end, and `<&0` would be that one.
    const parent = spawn('sh', ['-c', 'exec 3<&0; "$0" <&3 & echo $!; exec sleep 60', named], {
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(process.getuid?.() === 0 && { uid, gid }),
    });
    t.after(() => parent.kill('SIGKILL'));
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    // It ends by the end of its input: a shell that is still a shell might read how it ended.
    await until('the shell is none any more', () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
    parent.stdin.end();
    await until('it is dead', () => processStateOf(Number(said)) === 'Z');
    const lock = join(place.directory, 'pgdata', 'postmaster.pid');
    writeFileSync(lock, `${Number(said)}\n`);
    chownSync(lock, uid, gid);
    const { lines } = await start(t, place, shop);
    assert.match(lines.at(-1)!, /ready to accept connections/);
  },
);

function processStateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

test('a new database without a password is refused, and says what to set', async (t) => {
  const { lines, exit } = await start(t, folders(t, 0o755), { POSTGRES_USER: 'shop' });
  assert.deepEqual(await exit, [1, null]);
  assert.match(lines.join('\n'), /set POSTGRES_PASSWORD/);
});

test('a name of several lines is refused: the server would run them as commands', async (t) => {
  const place = folders(t, 0o755);
  const lines = "shop\nCOPY (SELECT 1) TO PROGRAM 'true' --";
  for (const name of ['POSTGRES_DB', 'POSTGRES_USER'])
    await assert.rejects(start(t, place, { POSTGRES_PASSWORD: 'x', [name]: lines }), /must be a name of one line/);
});

test(
  'root may keep it in a folder that lets nobody in',
  {
    skip:
      process.getuid?.() === 0 && process.platform === 'linux'
        ? false
        : 'only root has folders closed to its PostgreSQL',
  },
  async (t) => {
    const { lines } = await start(t, folders(t, 0o700), shop);
    assert.match(lines.at(-1)!, /ready to accept connections/);
  },
);
