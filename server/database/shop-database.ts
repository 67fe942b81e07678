import type pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { connectDatabase, secretOf } from './connection.ts';
import { reader, rolesSecret } from './roles.ts';

/** One connection to one of the shop's databases, by a role that only reads. Connects when first asked. */
export class ShopDatabase {
  readonly #cluster: Cluster;
  readonly #name: () => string;
  #client: pg.Client | null = null;

  /** @param name of the database; it may throw while nobody knows */
  constructor(cluster: Cluster, name: () => string) {
    this.#cluster = cluster;
    this.#name = name;
  }

  /** After a failure the next call connects anew. */
  async query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    this.#client ??= await this.#connect();
    const client = this.#client;
    try {
      return (await client.query<Row>(sql, values)).rows;
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  close(): void {
    if (this.#client) this.#drop(this.#client);
  }

  async #connect(): Promise<pg.Client> {
    const password = (await secretOf(this.#cluster, rolesSecret))[reader] ?? '';
    const login = { user: reader, password, database: this.#name() };
    const client = await connectDatabase(this.#cluster, login, '-c default_transaction_read_only=on');
    client.on('error', () => this.#drop(client)); // the next query connects anew, and reports if it cannot
    return client;
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    client.end().catch(() => undefined); // it is being given up; how it ends makes no difference
  }
}
