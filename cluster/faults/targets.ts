import type { Deployment, Namespace, Node, Pod, Service } from '../embedded/kinds/types.ts';
import type { FaultSpec } from './fault-object.ts';

const scopeLabel = 'breakwater.dev/scope';
/** On a node: the drivers that can carry out faults there, by name. */
export const faultCarriers = 'breakwater.dev/fault-carriers';

/** What a target is looked up in. */
export interface World {
  namespaces: readonly Namespace[];
  pods: readonly Pod[];
  services: readonly Service[];
  deployments: readonly Deployment[];
  nodes: readonly Node[];
}

/**
 * Names of the namespaces of the scope that a namespace belongs to: itself, the one that the scope is named after, and all that
 * bear its label.
 */
export function namespacesOf(namespace: string, namespaces: readonly Namespace[]): Set<string> {
  const own = namespaces.find(({ metadata }) => metadata.name === namespace);
  const scope = own?.metadata.labels?.[scopeLabel] ?? namespace;
  const others = namespaces.filter(({ metadata }) => (metadata.labels?.[scopeLabel] ?? metadata.name) === scope);
  return new Set([namespace, ...others.map(({ metadata }) => metadata.name)]);
}

/** The pods a fault could hit: of a service its pods, of an edge those that call, of `*>callee` all. Pods on their way out are none. */
export function podsOf(target: FaultSpec['target'], namespace: string, world: World): Pod[] {
  const inScope = podsIn(namespace, world);
  const app = target.service ?? target.edge?.split('>')[0];
  if (app === '*') return inScope;
  if (app !== undefined) return inScope.filter(({ metadata }) => metadata.labels?.['app'] === app);
  if (target.pod !== undefined) return inScope.filter(({ metadata }) => metadata.name === target.pod);
  return inScope.filter(({ spec }) => spec?.nodeName === target.node);
}

/** Every pod of the scope that has not ended. */
export function podsIn(namespace: string, world: World): Pod[] {
  const namespaces = namespacesOf(namespace, world.namespaces);
  return world.pods.filter(({ metadata, status }) => {
    const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    return namespaces.has(metadata.namespace ?? '') && !metadata.deletionTimestamp && !ended;
  });
}

/** The Deployments of the scope whose pods are those of a service. */
export function deploymentsOf(target: FaultSpec['target'], namespace: string, world: World): Deployment[] {
  const namespaces = namespacesOf(namespace, world.namespaces);
  return world.deployments.filter(({ metadata, spec }) => {
    const app = spec?.template.metadata?.labels?.['app'];
    return app !== undefined && app === target.service && namespaces.has(metadata.namespace ?? '');
  });
}

/** The Services that the callee of an edge is, as `namespace/name`. */
export function destinationsOf(target: FaultSpec['target'], namespace: string, world: World): string[] {
  const callee = target.edge?.split('>')[1];
  const namespaces = namespacesOf(namespace, world.namespaces);
  return world.services
    .filter(({ metadata }) => metadata.name === callee && namespaces.has(metadata.namespace ?? ''))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
