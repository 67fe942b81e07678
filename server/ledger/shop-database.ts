import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { isReady, runningPods } from '../../cluster/client/pods-of-app.ts';
import type { Deployment } from '../../cluster/client/objects.ts';
import { CodedError } from '../errors.ts';

const app = 'postgres';
const port = 5432;
const queryTimeoutMs = 3_000;

/** One connection to one of the shop's databases, over the API server; it only reads. Connects when first asked. */
export class ShopDatabase {
  readonly #cluster: Cluster;
  readonly #database: string;
  #client: pg.Client | null = null;

  constructor(cluster: Cluster, database: string) {
    this.#cluster = cluster;
    this.#database = database;
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
    const pod = runningPods(this.#cluster, app).find(isReady);
    if (!pod) throw new CodedError('cluster-unreachable', `No pod of ${app} is ready; the ledger waits for one.`);
    const [user, password] = await Promise.all([this.#setting('POSTGRES_USER'), this.#setting('POSTGRES_PASSWORD')]);
    const stream = connected(await this.#cluster.portForward(pod.metadata.name, port));
    const client = new pg.Client({
      user: user ?? 'shop',
      password,
      database: this.#database,
      stream: () => stream as never,
      application_name: 'breakwater-ledger',
      options: '-c default_transaction_read_only=on',
      connectionTimeoutMillis: queryTimeoutMs,
      query_timeout: queryTimeoutMs,
    });
    client.on('error', () => this.#drop(client)); // the next query connects anew, and reports if it cannot
    await client.connect();
    return client;
  }

  /** A variable of the database's own container: what it was made with. */
  async #setting(name: string): Promise<string | undefined> {
    const deployment: Deployment | undefined = this.#cluster.view.deployments.get(app);
    const variables = deployment?.spec?.template.spec?.containers.flatMap(({ env = [] }) => env) ?? [];
    const variable = variables.find((candidate) => candidate.name === name);
    const reference = variable?.valueFrom?.secretKeyRef;
    if (!reference?.name) return variable?.value;
    const secret = await this.#cluster.get<Secret>('v1', 'Secret', reference.name);
    const encoded = secret?.data?.[reference.key];
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    client.end().catch(() => undefined); // it is being given up; how it ends makes no difference
  }
}

type Secret = { apiVersion: string; kind: string; metadata: { name: string }; data?: Record<string, string> };

/** pg dials its stream itself and waits for `connect`; this one is connected already. */
function connected(stream: Duplex): Duplex {
  return Object.assign(stream, {
    connect() {
      process.nextTick(() => stream.emit('connect'));
      return stream;
    },
  });
}
