import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Pod } from '../../cluster/client/objects.ts';
import { connectDatabase, databasePod, secretOf } from './connection.ts';

/** Secret with a password for each role, by its name. */
export const rolesSecret = 'database-roles';
/** The database that every PostgreSQL server has from its beginning, and its superuser unless another was named. */
const builtIn = 'postgres';
/** Counts the ledger; all others are services, each of which makes the one database it owns. */
export const reader = 'ledger';

const retryMs = 200;

/**
 * Gives the shop's database the roles that the Secret names, by level: whenever another pod of it is ready. None is a superuser, so
 * that none runs programs or reads files of the machine the database is on.
 */
export class DatabaseRoles {
  readonly #cluster: Cluster;
  readonly #onProblem: (error: unknown) => void;
  readonly #stop: () => void;
  /** The pod that has them; empty before the first. */
  #done = '';
  #busy = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, onProblem: (error: unknown) => void) {
    this.#cluster = cluster;
    this.#onProblem = onProblem;
    this.#stop = cluster.on('change', () => void this.reconcile());
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    clearTimeout(this.#timer);
  }

  /** Never throws; a failure is tried again. */
  async reconcile(): Promise<void> {
    const pod = databasePod(this.#cluster);
    const uid = pod?.metadata.uid ?? '';
    if (this.#busy || !pod || uid === this.#done) return;
    this.#busy = true;
    try {
      await makeRoles(this.#cluster, pod);
      this.#done = uid;
    } catch (cause) {
      if (this.#closed) return;
      this.#onProblem(new Error("The database's roles were not made; it is tried again.", { cause }));
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.reconcile(), retryMs);
    } finally {
      this.#busy = false;
    }
  }
}

/** The superuser's Secret is named as the database is. */
async function makeRoles(cluster: Cluster, pod: Pod): Promise<void> {
  const superuser = await secretOf(cluster, pod.metadata.labels?.['app'] ?? '');
  const roles = Object.entries(await secretOf(cluster, rolesSecret));
  const login = { user: superuser['POSTGRES_USER'] ?? builtIn, password: superuser['POSTGRES_PASSWORD'] ?? '' };
  const client = await connectDatabase(cluster, { ...login, database: builtIn });
  try {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles');
    const known = new Set(rows.map(({ rolname }) => rolname));
    const statements = roles.flatMap(([role, password]) => {
      const name = client.escapeIdentifier(role);
      const rights = `nosuperuser nocreaterole ${role === reader ? 'nocreatedb' : 'createdb'}`;
      const verb = known.has(role) ? 'alter' : 'create';
      const made = `${verb} role ${name} login ${rights} password ${client.escapeLiteral(password)}`;
      return role === reader ? [made, `grant pg_read_all_data to ${name}`] : [made];
    });
    await client.query(statements.join(';\n'));
  } finally {
    await client.end();
  }
}
