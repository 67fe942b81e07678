import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { isReady } from '../../cluster/client/pods-of-app.ts';
import { CodedError } from '../errors.ts';
import { namedPort, podsInRole } from '../shop-facts/shop-facts.ts';

const timeoutMs = 3_000;

export interface Login {
  user: string;
  password: string;
  database: string;
}

/** The pod of the shop's database; null while none is ready. */
export function databasePod(cluster: Cluster) {
  return podsInRole(cluster, 'database').find(isReady) ?? null;
}

/** A connection to the shop's database, over the API server. `options` as in `PGOPTIONS`. */
export async function connectDatabase(cluster: Cluster, login: Login, options?: string): Promise<pg.Client> {
  const pod = databasePod(cluster);
  if (!pod) throw new CodedError('cluster-unreachable', 'No pod of the database is ready; it is waited for.');
  const stream = connected(await cluster.portForward(pod.metadata.name, namedPort(pod, 'sql')));
  const client = new pg.Client({
    ...login,
    stream: () => stream as never,
    application_name: 'breakwater',
    ...(options && { options }),
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined); // whoever queries next has it
  await client.connect();
  return client;
}

/** The values of a Secret, as text. Throws CodedError where there is none. */
export async function secretOf(cluster: Pick<Cluster, 'get'>, name: string): Promise<Record<string, string>> {
  const secret = await cluster.get<Secret>('v1', 'Secret', name);
  if (!secret) throw new CodedError('cluster-unreachable', `There is no Secret ${name} yet; it is waited for.`);
  const decoded = Object.entries(secret.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString(),
  ]);
  return Object.fromEntries(decoded) as Record<string, string>;
}

interface Secret {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
}

/** pg dials its stream itself and waits for `connect`; this one is connected already. */
function connected(stream: Duplex): Duplex {
  return Object.assign(stream, {
    connect() {
      process.nextTick(() => stream.emit('connect'));
      return stream;
    },
  });
}
