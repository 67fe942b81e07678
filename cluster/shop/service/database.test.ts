import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startPostgres, type PostgresServer } from '../testing/postgres-server.ts';
import { inTransaction, openDatabase, prepareDatabase, type Database } from './database.ts';
import { readEnvironment } from './environment.ts';
import { serviceLog } from './log.ts';

describe('a transaction', () => {
  let postgres: PostgresServer;
  let database: Database;
  before(async () => {
    postgres = await startPostgres();
    const log = serviceLog('test', () => {});
    database = openDatabase(readEnvironment({ DATABASE_URL: postgres.url('shelf'), DATABASE_CONNECTIONS: '2' }), log);
    await prepareDatabase(database, 'create table if not exists books (title text primary key)', log);
  });
  after(async () => {
    await database?.end();
    await postgres?.stop();
  });

  const titles = async () => (await database.query<{ title: string }>('select title from books')).rows;

  it('leaves nothing behind when its connection is lost between two queries', async () => {
    const lost = inTransaction(database, async (client) => {
      await client.query(`insert into books values ('half')`);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const broke = new Promise((resolve) => client.once('end', resolve));
      await database.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await broke;
      await client.query(`insert into books values ('whole')`);
    });
    await assert.rejects(lost);
    assert.deepEqual(await titles(), []);
  });

  it('gets another connection after that', async () => {
    await inTransaction(database, (client) => client.query(`insert into books values ('next')`));
    assert.deepEqual(await titles(), [{ title: 'next' }]);
  });
});
