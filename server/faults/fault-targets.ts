import { drivers } from '../../cluster/faults/drivers/index.ts';
import type { FaultType } from '../../cluster/faults/fault-type.ts';
import { faultCarriers } from '../../cluster/faults/targets.ts';
import type { Deployment, Service } from '../../cluster/client/objects.ts';
import type { Targets } from './fault-spec.ts';

/** What is read of a cluster, as it is known: asking it would be a round trip before each fault. */
export interface TargetsCluster {
  view: {
    services: { list(): Pick<Service, 'metadata' | 'spec'>[] };
    deployments: { list(): Deployment[] };
    pods: { list(): { metadata: { name: string; deletionTimestamp?: string } }[] };
    nodes: { list(): { metadata: { name: string; annotations?: Record<string, string> } }[] };
  };
}

/** What a fault can act on, whether it does so now or not. */
export interface Possible {
  targets: Targets;
  /** Why it cannot act here at all; null when it can. */
  reason: string | null;
}

/**
 * What a type of fault can act on now: of services those whose pods can be hit, of edges each that there can be, which is any
 * Deployment to any Service with pods behind it.
 */
export function possibleFor(type: FaultType, cluster: TargetsCluster): Possible {
  const here = carriersOf(cluster);
  const carrier = type.carriers.find(({ driver }) => here.includes(driver));
  if (!carrier) {
    const has = here.length > 0 ? `has ${here.join(', ')}` : 'has nothing that carries out faults';
    return {
      targets: {},
      reason: `Needs ${type.carriers.map(({ driver }) => driver).join(' or ')}; this cluster ${has}.`,
    };
  }
  const deployments = cluster.view.deployments.list();
  const what = carrier.order(Object.fromEntries(type.parameters.map((each) => [each.name, each.default])));
  const cannotHit = (deployment: Deployment) => {
    const template = deployment.spec?.template;
    return template?.spec ? drivers[carrier.driver]?.cannotHit({ ...template, spec: template.spec }, what) : null;
  };
  const hittable = deployments.filter((deployment) => !cannotHit(deployment));
  const services = hittable.map(appOf);
  const targets: Targets = {
    ...(type.targets.includes('service') && { service: services }),
    ...(type.targets.includes('pod') && { pod: podsOf(cluster) }),
    ...(type.targets.includes('edge') && {
      edge: type.callee ? edgesTo(type.callee, cluster, hittable) : edgesOf(cluster, hittable),
    }),
    ...(type.targets.includes('node') && { node: cluster.view.nodes.list().map(({ metadata }) => metadata.name) }),
  };
  const isEmpty = (targets[type.targets[0]!] ?? []).length === 0;
  return { targets, reason: isEmpty ? 'There is nothing here that it could act on now.' : null };
}

/** Names of the drivers that this cluster has, as its nodes say. */
function carriersOf({ view }: TargetsCluster): string[] {
  const said = view.nodes.list().flatMap(({ metadata }) => metadata.annotations?.[faultCarriers]?.split(',') ?? []);
  return [...new Set(said)];
}

function podsOf({ view }: TargetsCluster): string[] {
  return view.pods.list().flatMap(({ metadata }) => (metadata.deletionTimestamp ? [] : [metadata.name]));
}

function edgesOf({ view }: TargetsCluster, deployments: Deployment[]): string[] {
  const called = view.services.list().filter(({ spec }) => spec?.selector);
  const destinations = called.map(({ metadata }) => metadata.name);
  return deployments.map(appOf).flatMap((source) => {
    return destinations.filter((name) => name !== source).map((destination) => `${source}>${destination}`);
  });
}

/** That of all to one Service, and those of each. */
function edgesTo(callee: string, { view }: TargetsCluster, deployments: Deployment[]): string[] {
  if (!view.services.list().some(({ metadata }) => metadata.name === callee)) return [];
  return ['*', ...deployments.map(appOf)].map((source) => `${source}>${callee}`);
}

function appOf({ metadata, spec }: Deployment): string {
  return spec?.template.metadata?.labels?.['app'] ?? metadata.name;
}
