import type pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { connectDatabase, secretOf } from './connection.ts';
import { reader, rolesSecret } from './roles.ts';

/**
 * One connection to the database of one of the shop's services, by a role that only reads. Connects when first asked. Each service
 * owns the database of its own name.
 */
export class ShopDatabase {
  readonly #cluster: Cluster;
  readonly #owner: () => string;
  #client: pg.Client | null = null;

  /** @param owner name of the service; it may throw while nobody knows */
  constructor(cluster: Cluster, owner: () => string) {
    this.#cluster = cluster;
    this.#owner = owner;
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
    const login = { user: reader, password, database: this.#owner() };
    const client = await connectDatabase(this.#cluster, login, '-c default_transaction_read_only=on');
    client.on('error', () => this.#drop(client)); // the next query connects anew, and reports if it cannot
    return client;
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    client.end().catch(() => undefined); // it is being given up; how it ends makes no difference
  }
}
