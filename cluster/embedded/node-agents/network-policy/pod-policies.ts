import { selectorMatches, type LabelSelector } from '../../kinds/label-selector.ts';
import type { Namespace, NetworkPolicy, NetworkPolicyRule, Pod } from '../../kinds/types.ts';
import type { PodPolicy, PolicyRule } from '../../network/pod-network.ts';

type Port = NonNullable<NetworkPolicyRule['ports']>[number];
type Peer = NonNullable<NetworkPolicyRule['from']>[number];

export interface PolicyWorld {
  policies: readonly NetworkPolicy[];
  pods: readonly Pod[];
  namespaces: readonly Namespace[];
}

/** Network policies with their selectors as the pods that they find now. */
export function podPolicies({ policies, pods, namespaces }: PolicyWorld): PodPolicy[] {
  const labelsOf = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));

  return policies.map(({ metadata, spec }) => {
    const own = pods.filter((pod) => isIn(pod, metadata.namespace) && matches(spec?.podSelector, pod));
    const types = spec?.policyTypes ?? [];
    const rules = (list: NetworkPolicyRule[] = []) => list.map((rule) => ruleOf(rule, metadata.namespace!));
    return {
      pods: own.map(uidOf),
      ...(types.includes('Ingress') && { ingress: rules(spec?.ingress) }),
      ...(types.includes('Egress') && { egress: rules(spec?.egress) }),
    };
  });

  function ruleOf({ from, to, ports }: NetworkPolicyRule, namespace: string): PolicyRule {
    const peers = from ?? to ?? [];
    return {
      // An empty list says as much as none: everybody, every port.
      peers:
        peers.length === 0
          ? null
          : {
              pods: pods.filter((pod) => peers.some((peer) => isPeer(pod, peer, namespace))).map(uidOf),
              blocks: peers.flatMap(({ ipBlock }) =>
                ipBlock ? [{ cidr: ipBlock.cidr, except: ipBlock.except ?? [] }] : [],
              ),
            },
      ports: ports?.length ? ports.filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP').map(portOf) : null,
    };
  }

  function isPeer(pod: Pod, { podSelector, namespaceSelector, ipBlock }: Peer, namespace: string): boolean {
    if (ipBlock) return false;
    const isInNamespace = namespaceSelector
      ? selectorMatches(namespaceSelector, labelsOf.get(pod.metadata.namespace!) ?? {})
      : isIn(pod, namespace);
    return isInNamespace && matches(podSelector, pod);
  }

  function portOf({ port, endPort }: Port): NonNullable<PolicyRule['ports']>[number] {
    if (port === undefined) return { from: 1, to: 65_535 };
    if (typeof port === 'number') return { from: port, to: endPort ?? port };
    return {
      byPod: Object.fromEntries(pods.flatMap((pod) => numberOf(pod, port).map((found) => [uidOf(pod), found]))),
    };
  }
}

const uidOf = ({ metadata }: Pod) => metadata.uid!;
const isIn = ({ metadata }: Pod, namespace: string | undefined) => metadata.namespace === namespace;

function matches(selector: LabelSelector | undefined, { metadata }: Pod): boolean {
  return selectorMatches(selector ?? {}, metadata.labels ?? {});
}

/** The number of a named port of TCP in this pod, whose sidecars have ports too. */
function numberOf({ spec }: Pod, name: string): number[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...sidecars, ...(spec?.containers ?? [])].flatMap((container) => container.ports ?? []);
  const isIt = (port: (typeof ports)[number]) => port.name === name && (port.protocol ?? 'TCP') === 'TCP';
  return ports.filter(isIt).map(({ containerPort }) => containerPort);
}
