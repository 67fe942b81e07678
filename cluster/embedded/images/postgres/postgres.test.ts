import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { Client } from 'pg';
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
  return { port: program.published[0]!.realPort, lines, stop, exit };
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

test('a new database without a password is refused, and says what to set', async (t) => {
  const { lines, exit } = await start(t, folders(t, 0o755), { POSTGRES_USER: 'shop' });
  assert.deepEqual(await exit, [1, null]);
  assert.match(lines.join('\n'), /set POSTGRES_PASSWORD/);
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
