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
export type Book = 'orders' | 'charges' | 'stock';

/** What the manifest of a service says about it. The table of labels and annotations is in cluster/shop/README.md. */
export interface ServiceFacts {
  /** Name of the service: the label `app` of its pods. */
  service: string;
  role: ServiceRole;
  /** Whether customers enter the shop here. */
  entry: boolean;
  /** The book of the ledger it keeps; null for none. A manifest may name one that the ledger does not know. */
  book: string | null;
}

/** A Deployment that says nothing about itself, as of a newcomer, is a service. */
export function factsOf({ metadata, spec }: Deployment): ServiceFacts {
  const role = metadata.labels?.[roleLabel] ?? '';
  return {
    service: spec?.template.metadata?.labels?.['app'] ?? metadata.name,
    role: roles.includes(role) ? (role as ServiceRole) : 'service',
    entry: metadata.annotations?.[entryAnnotation] === 'true',
    book: metadata.annotations?.[bookAnnotation] ?? null,
  };
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

/** The service that keeps a book. Throws CodedError while the cluster has none. */
export function keeperOf(cluster: Cluster, book: Book): string {
  const keeper = shopFacts(cluster).find((facts) => facts.book === book);
  if (keeper) return keeper.service;
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
