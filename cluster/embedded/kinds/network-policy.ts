import { BlockList, isIP } from 'node:net';
import { ageColumn, column, nameColumn, selectorText } from './columns.ts';
import type { FieldErrors } from './field-errors.ts';
import { defineKind } from './kind.ts';
import { portNameProblem } from './names.ts';
import type { NetworkPolicy, NetworkPolicyRule } from './types.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;
type Port = NonNullable<NetworkPolicyRule['ports']>[number];
type Peer = NonNullable<NetworkPolicyRule['from']>[number];

export const networkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  generation: true,
  columns: [nameColumn, column('Pod-Selector', ({ spec }) => selectorText(spec?.podSelector) || '<none>'), ageColumn],

  defaults({ spec }) {
    if (!spec) return;
    // One that does not say is about what comes in, and about what goes out if it has rules for that.
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  },

  validate({ spec }, errors) {
    if (!spec) return;
    const { policyTypes = [] } = spec;
    if (policyTypes.length > 2)
      errors.invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes');
    for (const [direction, side] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const) {
      for (const [index, rule] of (spec[direction] ?? []).entries()) {
        const path = `spec.${direction}[${index}]`;
        for (const [number, port] of (rule.ports ?? []).entries())
          validatePort(port, `${path}.ports[${number}]`, errors);
        for (const [number, peer] of (rule[side] ?? []).entries()) {
          validatePeer(peer, `${path}.${side}[${number}]`, errors);
        }
      }
    }
  },

  withoutEffect({ spec }) {
    if (!spec) return [];
    const other = rulesOf(spec)
      .flatMap(({ ports = [] }) => ports)
      .find(({ protocol }) => (protocol ?? 'TCP') !== 'TCP');
    return other
      ? [`spec: ports of ${other.protocol} have no effect in this cluster: the pod network carries TCP`]
      : [];
  },
});

function rulesOf({ ingress = [], egress = [] }: Spec): NetworkPolicyRule[] {
  return [...ingress, ...egress];
}

function validatePort({ port, endPort }: Port, path: string, errors: FieldErrors): void {
  const number: unknown = port;
  if (typeof number === 'number') {
    errors.range(`${path}.port`, number, 1, 65535);
    errors.range(`${path}.endPort`, endPort, 1, 65535);
    if (endPort !== undefined && endPort < number) {
      errors.invalid(`${path}.endPort`, endPort, 'must be greater than or equal to `port`');
    }
    return;
  }
  if (endPort !== undefined) {
    const what = number === undefined ? 'not specified' : 'non-numeric';
    errors.invalid(`${path}.endPort`, endPort, `may not be specified when \`port\` is ${what}`);
  }
  const problem = number === undefined ? undefined : portNameProblem(String(number));
  if (problem) errors.invalid(`${path}.port`, number, problem);
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: string, errors: FieldErrors): void {
  if (!podSelector && !namespaceSelector && !ipBlock) errors.required(path, 'must specify a peer');
  if (!ipBlock) return;
  if (podSelector || namespaceSelector) errors.forbidden(path, 'may not specify both ipBlock and another peer');
  const { cidr, except = [] } = ipBlock;
  if (!cidr) return;
  const block = parseCidr(cidr);
  if (!block) return errors.invalid(`${path}.ipBlock.cidr`, cidr, NO_CIDR);
  for (const [index, text] of except.entries()) {
    const field = `${path}.ipBlock.except[${index}]`;
    const hole = parseCidr(text);
    if (!hole) errors.invalid(field, text, NO_CIDR);
    else if (!block.list.check(hole.address, hole.family) || hole.prefix <= block.prefix) {
      errors.invalid(field, text, 'must be a strict subset of `cidr`');
    }
  }
}

const NO_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** `10.9.8.0/24`; null for what is none. */
function parseCidr(text: string) {
  const [address = '', bits = '', ...rest] = text.split('/');
  const version = isIP(address);
  const prefix = /^\d+$/.test(bits) ? Number(bits) : Infinity;
  if (version === 0 || rest.length > 0 || prefix > (version === 4 ? 32 : 128)) return null;
  const family = version === 4 ? ('ipv4' as const) : ('ipv6' as const);
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return { address, prefix, family, list };
}
