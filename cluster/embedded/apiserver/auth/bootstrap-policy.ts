import { isDeepStrictEqual } from 'node:util';
import { RBAC } from '../../kinds/rbac/role.ts';
import type { PolicyRule, Role, RoleBinding } from '../../kinds/types.ts';
import { readYaml } from '../../kinds/yaml.ts';
import type { Registry } from '../registry/registry.ts';

interface Policy {
  roles: Record<string, { includes?: string[]; rules: PolicyRule[] }>;
  bindings: Record<string, string>;
}

const { roles, bindings } = readYaml(new URL('bootstrap-policy.yaml', import.meta.url)) as Policy;

function rulesOf(name: string): PolicyRule[] {
  const { includes = [], rules } = roles[name]!;
  return [...includes.flatMap(rulesOf), ...rules];
}

/** Writes the roles every cluster has, as this version knows them. What stands in the way of that keeps nobody from the API. */
export function writeBootstrapPolicy(registry: Registry): void {
  try {
    for (const name of Object.keys(roles))
      put(registry, 'ClusterRole', { metadata: metadata(name), rules: rulesOf(name) });
    for (const [name, group] of Object.entries(bindings)) {
      const subjects = [{ kind: 'Group', name: group, apiGroup: RBAC }];
      const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name };
      put(registry, 'ClusterRoleBinding', { metadata: metadata(name), subjects, roleRef });
    }
  } catch (error) {
    console.error('the roles every cluster has could not be written:', error);
  }
}

const metadata = (name: string) => ({ name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } });

function put(registry: Registry, kind: string, object: Role | RoleBinding): void {
  const storage = registry.kind(kind);
  const there = storage.find(object.metadata.name) as Role & RoleBinding;
  if (!there) storage.create(object);
  else if (!isDeepStrictEqual({ ...there, ...object, metadata: there.metadata }, there)) storage.update(object);
}
