import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { startProduct } from '../product.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { processesOf } from './processes.ts';

// What another user of the machine can do to a lab that runs on it. Root's lab is the most open one: PostgreSQL passes through it.
const skip =
  process.platform === 'linux' && process.getuid?.() === 0 ? false : 'takes Linux and root, to be another user';
const nobody = 65_534;

/** All that is worth reading, for somebody who knows what it is called. */
const files = [
  'access-code',
  'kubeconfig',
  'apiserver/cluster.db',
  'logs/cluster.log',
  'logs/lab-server.log',
  'run/processes.json',
  'desired-state/.git/HEAD',
  'desired-state-last-good.json',
  'volumes/var/lib/breakwater/bank/book.sqlite',
  'volumes/var/lib/breakwater/database/pgdata/PG_VERSION',
];

test('another user of the machine reads nothing, and gets into no database', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  const product = await startProduct({ home });
  t.after(() => product.stop());
  const as = (command: string, ...args: string[]) =>
    spawnSync(command, args, {
      uid: nobody,
      gid: nobody,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE_ENV: 'test' },
    });

  for (const file of files) {
    assert.ok(existsSync(join(home, file)), `there is no ${file}: is it called otherwise by now?`);
    assert.notEqual(as('cat', join(home, file)).status, 0, `${file} can be read`);
  }
  assert.match(as('ls', home).stderr, /Permission denied/);

  const config = new KubeConfig();
  config.loadFromFile(product.kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listSecretForAllNamespaces();
  const values = items.flatMap(({ data = {} }) => Object.entries(data).filter(([name]) => !name.endsWith('_USER')));
  const words = values.map(([, value]) => Buffer.from(value, 'base64').toString()).filter((word) => word.length >= 8);
  assert.ok(words.length >= 5, 'there are passwords to look for');
  const processes = processesOf(home, product.process.pid!);
  for (const { pid, command } of processes) {
    assert.ok(!words.some((word) => command.includes(word)), `a password stands in the arguments: ${command}`);
    assert.equal(as('cat', `/proc/${pid}/environ`).stdout, '', `the environment of ${command} can be read`);
  }

  // Everybody sees where it listens, and what the users of such databases are called.
  const server = processes.find(({ command }) => /bin\/postgres -D /.test(command))!;
  const port = Number(/port=(\d+)/.exec(server.command)![1]);
  for (const user of ['postgres', 'shop', 'orders', 'payments', 'ledger', 'root', 'nobody']) {
    for (const password of [user, 'postgres', 'password', 'sesame']) {
      const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
      client.on('error', () => undefined); // the query has it
      await assert.rejects(client.connect(), /authentication failed/, `${user} "${password}"`);
    }
  }
});
