import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { startPostgres, type PostgresServer } from '../../cluster/shop/testing/postgres-server.ts';
import { DatabaseRoles } from './roles.ts';
import { ShopDatabase } from './shop-database.ts';

let postgres: PostgresServer;
let address: URL;
let cluster: Cluster;
const encoded = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
const passwords = { orders: 'of-orders', payments: "of-'payments", ledger: 'of-ledger' };

before(async () => {
  postgres = await startPostgres();
  address = new URL(postgres.url('postgres'));
  const secrets: Record<string, Record<string, string>> = {
    postgres: encoded({ POSTGRES_USER: address.username, POSTGRES_PASSWORD: address.password }),
    'database-roles': encoded(passwords),
  };
  const pod = {
    metadata: { name: 'postgres-1', uid: 'one', labels: { app: 'postgres' } },
    spec: { containers: [{ ports: [{ name: 'sql', containerPort: 5432 }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const deployment = { metadata: { name: 'postgres', labels: { 'breakwater.dev/role': 'database' } } };
  cluster = {
    on: () => () => undefined,
    view: { pods: { list: () => [pod] }, deployments: { list: () => [deployment] } },
    get: async (_version: string, _kind: string, name: string) => ({ data: secrets[name] }),
    async portForward() {
      const socket = connect(Number(address.port), '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  } as unknown as Cluster;
  const roles = new DatabaseRoles(cluster, (error) => assert.fail(String(error)));
  await roles.reconcile();
  await roles.reconcile();
  roles.close();
});
after(() => postgres.stop());

async function as<T>(
  user: keyof typeof passwords,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(address.port),
    user,
    password: passwords[user],
    database,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('a service makes and owns its database, and sees nothing of another one', async () => {
  await as('orders', 'postgres', (client) => client.query('create database orders'));
  await as('orders', 'orders', (client) => client.query('create table orders (id int); insert into orders values (7)'));
  await assert.rejects(
    as('payments', 'orders', (client) => client.query('select * from orders')),
    /permission denied/,
  );
});

test('no role runs programs, reads files, or makes itself more than it is', async () => {
  for (const sql of [
    "copy (select 1) to program 'id'",
    "create temp table stolen (line text); copy stolen from program 'id'",
    "create temp table stolen (line text); copy stolen from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    'alter role orders superuser',
    'create role intruder superuser',
  ]) {
    for (const role of ['orders', 'ledger'] as const) {
      await assert.rejects(
        as(role, 'postgres', (client) => client.query(sql)),
        /permission denied|must be superuser|Only roles with/i,
        `${role}: ${sql}`,
      );
    }
  }
});

test('the ledger reads every book, and writes in none', async () => {
  const database = new ShopDatabase(cluster, () => 'orders');
  try {
    assert.deepEqual(await database.query('select id from orders'), [{ id: 7 }]);
    await assert.rejects(database.query('delete from orders'), /read-only transaction/);
  } finally {
    database.close();
  }
  await assert.rejects(
    as('ledger', 'orders', (client) => client.query('delete from orders')),
    /permission denied/,
  );
});
