import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';
import { startService, type RunningService, type ServiceName } from './running-service.ts';

type Environment = Record<string, string>;

export interface RunningShop {
  /** Where customers enter. */
  url: string;
  services: Record<ServiceName, RunningService>;
  /** Address of the administration port of bank or loadgen. */
  admin: Record<'bank' | 'loadgen', string>;
  /** Rows of a query on one of the databases. */
  query<T extends pg.QueryResultRow>(database: ServiceName, sql: string, values?: unknown[]): Promise<T[]>;
  /** How often the bank's book says that a reference was charged; all there are without one. */
  charges(reference?: string): number;
  /** What the bank holds of all customers' money, in cents: charges less refunds. */
  balance(): number;
  /** Replaces a service by one with other variables, on the same port. */
  restart(name: ServiceName, environment: Environment): Promise<RunningService>;
  login(): Promise<string>;
  /** From now on the bank has these faults and no others. */
  bankBehaves(...faults: { behaviour: string; parameters: object }[]): Promise<void>;
  /** Orders one sea chart. */
  order(token: string, headers?: Record<string, string>, signal?: AbortSignal | null): Promise<Response>;
  /** Ends the shop's PostgreSQL, for good. */
  stopPostgres(): Promise<void>;
  stop(): Promise<void>;
}

interface ShopOptions {
  /** Address of a broker: orders go through it as events. */
  broker?: string;
  /** Services to start; by default all of the synchronous shop. */
  only?: ServiceName[];
  /** Variables beyond or instead of the usual. */
  environment?: Partial<Record<ServiceName, Environment>>;
  /** OTLP endpoint and bundle; without, there is no telemetry. */
  telemetry?: { endpoint: string; preload: string };
}

/** The shop as a modular monolith: what is to be started in place of the services. */
export const monolithic: ServiceName[] = ['shop-monolith', 'bank'];

const names: ServiceName[] = [
  'gateway',
  'auth',
  'users',
  'catalog',
  'orders',
  'inventory',
  'payments',
  'bank',
  'loadgen',
];

/** All services of the shop and their PostgreSQL, on ports of this machine; what a cluster would do with manifests. */
export async function startShop(options: ShopOptions = {}): Promise<RunningShop> {
  const { only = names, environment = {}, telemetry, broker } = options;
  const postgres = await startPostgres();
  const ports = Object.fromEntries(
    await Promise.all([...names, 'notifications', 'shop-monolith'].map(async (name) => [name, await freePort()])),
  );
  const adminPorts = { bank: await freePort(), loadgen: await freePort() };
  const bookFolder = await mkdtemp(join(tmpdir(), 'shop-bank-'));
  const usual = usualEnvironment(postgres, ports, adminPorts, bookFolder);
  const start = (name: ServiceName, extra: Environment = {}) =>
    startService(name, {
      port: ports[name],
      preload: telemetry?.preload,
      environment: {
        ...usual[name],
        ...(broker && { BROKER_URL: broker, CHECKOUT: 'events', RETRY_AFTER_MS: '50' }),
        ...(telemetry && { OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.endpoint }),
        ...environment[name],
        ...extra,
      },
    });
  const services = {} as RunningShop['services'];
  const stop = async () => {
    await Promise.all(Object.values(services).map((service) => service.stop()));
    await postgres.stop();
    await rm(bookFolder, { recursive: true, force: true });
  };
  const results = await Promise.allSettled(only.map(async (name) => (services[name] = await start(name))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const gateway = `http://127.0.0.1:${ports[only.includes('shop-monolith') ? 'shop-monolith' : 'gateway']}`;
  const ofBook = (sql: string, reference?: string): number => {
    const book = new DatabaseSync(join(bookFolder, 'book.sqlite'), { readOnly: true, timeout: 2_000 });
    try {
      return (book.prepare(sql).get(reference ?? null) as { figure: number }).figure;
    } finally {
      book.close();
    }
  };

  return {
    url: gateway,
    services,
    admin: {
      bank: `http://127.0.0.1:${adminPorts.bank}`,
      loadgen: `http://127.0.0.1:${adminPorts.loadgen}`,
    },
    async query<T extends pg.QueryResultRow>(database: ServiceName, sql: string, values: unknown[] = []) {
      // No pool: its end() does not wait for its connections to close, and PostgreSQL then ends them with an error.
      const client = new pg.Client({ connectionString: postgres.url(database) });
      await client.connect();
      try {
        return (await client.query<T>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    charges: (reference) =>
      ofBook(
        'select count(*) as figure from charges where amount_cents > 0 and (reference = ?1 or ?1 is null)',
        reference,
      ),
    balance: () => ofBook('select coalesce(sum(amount_cents), 0) as figure from charges where ?1 is null'),
    async restart(name, extra) {
      await services[name].stop();
      return (services[name] = await start(name, extra));
    },
    async login() {
      const body = JSON.stringify({ email: 'customer-01@shop.example', password: 'sea' });
      const answer = await fetch(`${gateway}/api/login`, { method: 'POST', body });
      return ((await answer.json()) as { token: string }).token;
    },
    async bankBehaves(...faults) {
      const url = `http://127.0.0.1:${adminPorts.bank}/behaviour`;
      const { faults: before } = (await (await fetch(url)).json()) as { faults: { id: string }[] };
      for (const { id } of before) await fetch(`${url}/${id}`, { method: 'DELETE' });
      for (const fault of faults) {
        const body = JSON.stringify({ ...fault, remainingMs: 600_000 });
        const answer = await fetch(`${url}/${randomUUID()}`, { method: 'PUT', body });
        if (!answer.ok) throw new Error(`the bank refused ${body}: ${answer.status} ${await answer.text()}`);
        await answer.body?.cancel(); // it would tell its counts until the fault is over
      }
    },
    order: (token, headers = {}, signal = null) =>
      fetch(`${gateway}/api/orders`, {
        ...{ method: 'POST', signal },
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify({ items: [{ productId: 'sea-chart', quantity: 2 }] }),
      }),
    stopPostgres: () => postgres.stop(),
    stop,
  };
}

function usualEnvironment(
  postgres: PostgresServer,
  ports: Record<string, number>,
  adminPorts: Record<'bank' | 'loadgen', number>,
  bookFolder: string,
): Record<ServiceName, Environment> {
  // localhost, not 127.0.0.1: node's server.address is then a name, as a Service's would be.
  const url = (name: ServiceName) => `http://localhost:${ports[name]}`;
  const database = (name: ServiceName) => ({ DATABASE_URL: postgres.url(name) });
  const JWT_SECRET = 'test-secret-of-at-least-32-characters';
  const addresses = Object.fromEntries(
    (['auth', 'users', 'catalog', 'orders', 'inventory', 'payments', 'bank'] as const).map((name) => [
      `${name.toUpperCase()}_URL`,
      url(name),
    ]),
  );
  return {
    gateway: { JWT_SECRET, ...addresses },
    auth: { JWT_SECRET, CUSTOMER_PASSWORD: 'sea' },
    'shop-monolith': {
      ...{ JWT_SECRET, CUSTOMER_PASSWORD: 'sea', ...addresses },
      CATALOG__DATABASE_URL: postgres.url('catalog'),
      INVENTORY__DATABASE_URL: postgres.url('inventory'),
      ORDERS__DATABASE_URL: postgres.url('orders'),
      PAYMENTS__DATABASE_URL: postgres.url('payments'),
      USERS__DATABASE_URL: postgres.url('users'),
    },
    users: database('users'),
    catalog: database('catalog'),
    orders: { ...database('orders'), INVENTORY_URL: url('inventory'), PAYMENTS_URL: url('payments') },
    inventory: database('inventory'),
    payments: { ...database('payments'), BANK_URL: url('bank') },
    notifications: database('notifications'),
    bank: {
      BOOK_FOLDER: bookFolder,
      ADMIN_PORT: String(adminPorts.bank),
      LATENCY_MIN_MS: '1',
      LATENCY_MAX_MS: '2',
      FAILURE_PERCENT: '0',
    },
    loadgen: {
      GATEWAY_URL: url('gateway'),
      ADMIN_PORT: String(adminPorts.loadgen),
      CUSTOMER_PASSWORD: 'sea',
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http',
    },
  };
}
