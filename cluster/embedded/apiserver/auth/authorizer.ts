import type { PolicyRule, Role, RoleBinding } from '../../kinds/types.ts';
import { ApiError, forbidden } from '../api-error.ts';
import type { Registry } from '../registry/registry.ts';
import { MASTERS, type UserInfo } from './user.ts';

/** What somebody wants to do: something with a resource, or with a path that is none. */
export type Attributes =
  | {
      verb: string;
      group: string;
      resource: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    }
  | { verb: string; path: string };

/** Who may do what, by the roles bound to them (kubernetes.io/docs/reference/access-authn-authz/rbac). */
export class Authorizer {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** @throws ApiError Forbidden */
  check(user: UserInfo, attributes: Attributes): void {
    if (!this.decide(user, attributes).allowed) throw refusal(user, attributes);
  }

  decide(user: UserInfo, attributes: Attributes): { allowed: boolean; reason: string } {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    const namespace = 'path' in attributes ? undefined : attributes.namespace;
    for (const { binding, rules } of this.#grants(user, namespace)) {
      if (!rules.some((rule) => allows(rule, attributes))) continue;
      const { metadata, roleRef, kind } = binding;
      const where = metadata.namespace ? `${metadata.name}/${metadata.namespace}` : metadata.name;
      const reason = `RBAC: allowed by ${kind} "${where}" of ${roleRef.kind} "${roleRef.name}" to ${whom(binding, user)}`;
      return { allowed: true, reason };
    }
    return { allowed: false, reason: '' };
  }

  /** All rules that hold for somebody in a namespace, or without one in the whole cluster. */
  rules(user: UserInfo, namespace: string | undefined): PolicyRule[] {
    if (user.groups.includes(MASTERS)) {
      return [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ];
    }
    return [...this.#grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  *#grants(user: UserInfo, namespace: string | undefined): Generator<{ binding: RoleBinding; rules: PolicyRule[] }> {
    const everywhere = this.#registry.kind('ClusterRoleBinding').list();
    const here = namespace ? this.#registry.kind('RoleBinding').list({ namespace }) : [];
    for (const binding of [...everywhere, ...here] as RoleBinding[]) {
      if (whom(binding, user) === undefined) continue;
      const { kind, name } = binding.roleRef;
      const role = this.#registry.kind(kind).find(name, binding.metadata.namespace) as Role | undefined;
      yield { binding, rules: role?.rules ?? [] };
    }
  }
}

/** The subject of a binding that a user is, as a reason names it; undefined when none is. */
function whom({ subjects = [] }: RoleBinding, { username, groups }: UserInfo): string | undefined {
  const one = subjects.find(({ kind, name, namespace }) => {
    if (kind === 'Group') return groups.includes(name);
    return username === (kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name);
  });
  return one && `${one.kind} "${one.namespace ? `${one.name}/${one.namespace}` : one.name}"`;
}

function allows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if ('path' in attributes) {
    const { path } = attributes;
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    );
  }
  const { group, resource, subresource, name } = attributes;
  const resources = rule.resources ?? [];
  const named = subresource
    ? has(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`)
    : has(resources, resource);
  const { resourceNames = [] } = rule;
  return (
    named &&
    has(rule.apiGroups ?? [], group) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  );
}

const has = (list: string[], item: string): boolean => list.includes('*') || list.includes(item);

function refusal({ username }: UserInfo, attributes: Attributes): ApiError {
  const { verb } = attributes;
  if ('path' in attributes) {
    return new ApiError('Forbidden', `forbidden: User "${username}" cannot ${verb} path "${attributes.path}"`, {});
  }
  const { group, resource, subresource, namespace, name } = attributes;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const what = subresource ? `${resource}/${subresource}` : resource;
  const why = `User "${username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  return forbidden({ group, plural: resource }, name, why);
}
