import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Deployment, Pod } from '../../cluster/client/objects.ts';
import { runningPods } from '../../cluster/client/pods-of-app.ts';
import type { ServiceRole } from '../contract/topology.ts';
import { CodedError } from '../errors.ts';

const roleLabel = 'breakwater.dev/role';
const entryAnnotation = 'breakwater.dev/entry';
const bookAnnotation = 'breakwater.dev/book';
const roles: readonly string[] = [
  'load',
  'service',
  'database',
  'third-party',
  'broker',
  'object-store',
] satisfies ServiceRole[];

/** A part of the ledger that one service keeps. */
export type Book = 'orders' | 'charges' | 'stock' | 'mails';

/** What the manifest of a service says about it. The table of labels and annotations is in cluster/shop/README.md. */
export interface ServiceFacts {
  /** Name of the service: the label `app` of its pods. */
  service: string;
  role: ServiceRole;
  /** Whether customers enter the shop here. */
  entry: boolean;
  /** The books of the ledger it keeps. A manifest may name one that the ledger does not know. */
  books: KeptBook[];
}

export interface KeptBook {
  book: string;
  /** The database it is in. */
  database: string;
}

/** A Deployment that says nothing about itself, as of a newcomer, is a service. */
export function factsOf({ metadata, spec }: Deployment): ServiceFacts {
  const role = metadata.labels?.[roleLabel] ?? '';
  const service = spec?.template.metadata?.labels?.['app'] ?? metadata.name;
  return {
    service,
    role: roles.includes(role) ? (role as ServiceRole) : 'service',
    entry: metadata.annotations?.[entryAnnotation] === 'true',
    books: booksOf(metadata.annotations?.[bookAnnotation] ?? '', service),
  };
}

/** `orders, stock=inventory`: a book is in the database of its keeper's name, unless another is given. */
function booksOf(annotation: string, service: string): KeptBook[] {
  const kept = annotation.split(',').filter((each) => each.trim() !== '');
  return kept.map((each) => {
    const [book = '', database = service] = each.split('=').map((part) => part.trim());
    return { book, database };
  });
}

/** Facts of all services of the scope, as the cluster has them now. */
export function shopFacts(cluster: Cluster): ServiceFacts[] {
  return cluster.view.deployments.list().map(factsOf);
}

/** The running pods of all services that play a role. */
export function podsInRole(cluster: Cluster, role: ServiceRole): Pod[] {
  const services = shopFacts(cluster).filter((facts) => facts.role === role);
  return services.flatMap(({ service }) => runningPods(cluster, service));
}

/** The service that keeps a book, and the database it is in. Throws CodedError while the cluster has none. */
export function keeperOf(cluster: Cluster, book: Book): { service: string; database: string } {
  for (const { service, books } of shopFacts(cluster)) {
    const kept = books.find((each) => each.book === book);
    if (kept) return { service, database: kept.database };
  }
  throw new CodedError(
    'cluster-unreachable',
    `No Deployment is annotated ${bookAnnotation}=${book}, so nobody keeps that book; it is waited for.`,
  );
}

/** The number of a port by its name in the pod's containers. Throws CodedError where there is none. */
export function namedPort({ metadata, spec }: Pod, name: string): number {
  const ports = spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  const port = ports.find((each) => each.name === name)?.containerPort;
  if (port !== undefined) return port;
  throw new CodedError(
    'cluster-unreachable',
    `No container of pod ${metadata.name} names a port "${name}"; name it in its Deployment.`,
  );
}
