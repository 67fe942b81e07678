import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Environment } from './environment.ts';
import type { Log } from './log.ts';

export type Database = pg.Pool;
export type DatabaseClient = pg.PoolClient;

/** A database that comes back is there within a second or two: a longer wait would be most of what that takes. */
const retryMs = { first: 50, most: 250 };
/** One number for every replica of every service: whoever holds it migrates, the others wait. */
const migrationLock = 7_311_988;

/** A pool on DATABASE_URL. It connects when first used. */
export function openDatabase(environment: Environment, log: Log): Database {
  const pool = new pg.Pool({
    connectionString: environment.text('DATABASE_URL'),
    max: environment.integer('DATABASE_CONNECTIONS', { min: 1, max: 100, fallback: 4 }),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that breaks (the database restarts) is replaced by the pool at the next query.
  pool.on('error', (error) => log.warn('Lost an idle database connection', { error }));
  return pool;
}

/**
 * Waits until the database answers, then brings its tables up to date. `migration` is SQL that is safe to run again;
 * it runs in one transaction, under a lock, since several replicas may start at once.
 */
export async function prepareDatabase(database: Database, migration: string, log: Log): Promise<void> {
  for (let wait = retryMs.first; ; wait = Math.min(wait * 2, retryMs.most)) {
    try {
      await inTransaction(database, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
        await client.query(migration);
      });
      return;
    } catch (error) {
      if (isCode(error, noSuchDatabase)) await createDatabase(database);
      else if (!mayPass(error)) throw error;
      log.info('Waiting for the database', { reason: String(error), retryMs: wait });
      await delay(wait);
    }
  }
}

/** Commits what `work` did, or rolls it back when it throws. */
export async function inTransaction<T>(database: Database, work: (client: DatabaseClient) => Promise<T>): Promise<T> {
  const client = await database.connect();
  let broken: Error | undefined;
  // The pool listens to the connections it holds; one that is lent and breaks between two queries would end the process.
  const noteBroken = (error: Error) => (broken = error);
  client.on('error', noteBroken);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError));
    throw error;
  } finally {
    client.off('error', noteBroken);
    client.release(broken);
  }
}

const noSuchDatabase = '3D000';
const alreadyThere = new Set(['42P04', '23505']);

/** Each context owns its database, so its service makes it; of replicas that try at once, one wins. */
async function createDatabase({ options }: Database): Promise<void> {
  const address = new URL(options.connectionString ?? '');
  const name = decodeURIComponent(address.pathname.slice(1));
  address.pathname = '/postgres';
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && alreadyThere.has(error.code ?? ''))) throw error;
  } finally {
    await client.end();
  }
}

/** A wrong statement stays wrong; a database that is away or starting comes, and so does the role of a new one. */
function mayPass(error: unknown): boolean {
  const cannotConnectNow = /^(57P|53|08|28)/;
  return !(error instanceof pg.DatabaseError) || cannotConnectNow.test(error.code ?? '');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof pg.DatabaseError && error.code === code;
}
