import { isDeepStrictEqual } from 'node:util';
import { RBAC } from '../../kinds/rbac/role.ts';
import type { PolicyRule, Role, RoleBinding } from '../../kinds/types.ts';
import { forbidden } from '../api-error.ts';
import { Authorizer, type Attributes } from '../auth/authorizer.ts';
import type { AdmissionPlugin } from './admission.ts';

/**
 * Nobody gives others by a role, or by binding one, what they may not do themselves, unless they may `escalate` or `bind` that role
 * (kubernetes.io/docs/reference/access-authn-authz/rbac: privilege escalation prevention and bootstrapping).
 */
export const privilegeEscalation: AdmissionPlugin = {
  name: 'PrivilegeEscalation',
  validate(object, { operation, kind: { group, plural }, user, old }, registry) {
    if (group !== RBAC || operation === 'DELETE') return;
    if (old && isDeepStrictEqual({ ...object, metadata: null }, { ...old, metadata: null })) return;
    const { roleRef, metadata } = object as RoleBinding;
    const { name, namespace } = metadata;
    const authorizer = new Authorizer(registry);
    const may = (what: Attributes) => authorizer.decide(user, what).allowed;
    const exempt = roleRef
      ? { verb: 'bind', resource: `${roleRef.kind.toLowerCase()}s`, name: roleRef.name }
      : { verb: 'escalate', resource: plural, name };
    if (may({ ...exempt, group, namespace })) return;
    const role = roleRef ? registry.kind(roleRef.kind).get(roleRef.name, namespace) : object;
    const wanted = ((role as Role).rules ?? []).flatMap((rule) => permissions(rule, namespace));
    const missing = wanted.filter((what) => !may(what)).map(({ namespace: _, ...what }) => JSON.stringify(what));
    if (missing.length === 0) return;
    const who = `user "${user.username}" (groups=${JSON.stringify(user.groups)})`;
    const message = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}`;
    throw forbidden({ group, plural }, name, message);
  },
};

/** What a rule allows, one by one; a `*` in it is asked for as such. */
function permissions(rule: PolicyRule, namespace: string | undefined): (Attributes & { namespace?: string })[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length > 0 ? resourceNames : [undefined];
  const things = apiGroups.flatMap((group) => {
    return resources.flatMap((path) => {
      const [resource = '', subresource] = path.split('/');
      return names.map((name) => ({ group, resource, subresource, name, namespace }));
    });
  });
  return verbs.flatMap((verb) => [
    ...things.map((thing) => ({ verb, ...thing })),
    ...nonResourceURLs.map((path) => ({ verb, path })),
  ]);
}
