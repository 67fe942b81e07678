import type { Manifest } from '../../../cluster/client/apply.ts';
import { policies } from './index.ts';

export interface Violation {
  /** Id of the policy. */
  policy: string;
  /** `Deployment/payments`. */
  object: string;
  /** Where and what to do. */
  message: string;
}

/** Whatever does not hold to a policy, the policies in their order. */
export function violationsOf(manifests: readonly Manifest[]): Violation[] {
  return policies.flatMap(({ id, violations }) =>
    manifests.flatMap((manifest) =>
      violations(manifest).map((message) => ({
        policy: id,
        object: `${manifest.kind}/${manifest.metadata.name}`,
        message,
      })),
    ),
  );
}

/**
 * What a change would bring that was not there before: what a state has always done is no reason to refuse the next commit, which may be
 * the one that mends it.
 */
export function newViolations(before: readonly Manifest[], after: readonly Manifest[]): Violation[] {
  const known = new Set(violationsOf(before).map((one) => JSON.stringify(one)));
  return violationsOf(after).filter((one) => !known.has(JSON.stringify(one)));
}

/**
 * How changes come to the cluster, as the state itself says it: in the ConfigMap that bears this label. `policy: enforce` checks commits
 * by the policies, `selfHeal: 'false'` leaves alone what others change in the cluster.
 */
const deliveryLabel = 'breakwater.dev/delivery';

interface Delivery {
  enforcesPolicies: boolean;
  selfHeals: boolean;
}

export function deliveryOf(manifests: readonly Manifest[]): Delivery {
  const data = manifests
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.[deliveryLabel] === 'true')
    .map((manifest) => (manifest as { data?: Record<string, string> }).data ?? {});
  return {
    enforcesPolicies: data.some(({ policy }) => policy === 'enforce'),
    selfHeals: !data.some(({ selfHeal }) => selfHeal === 'false'),
  };
}

/**
 * Why a change is not to be made, in one sentence that names each policy, object and what to do; null where nothing is against it. What
 * switches the check off is not held back by it.
 */
export function refusalOf(before: readonly Manifest[], after: readonly Manifest[]): string | null {
  if (!deliveryOf(before).enforcesPolicies || !deliveryOf(after).enforcesPolicies) return null;
  const found = newViolations(before, after);
  if (found.length === 0) return null;
  const most = 5;
  const told = found.slice(0, most).map(({ policy, object, message }) => `${object}: ${message} (${policy})`);
  const more = found.length > most ? `; and ${found.length - most} more` : '';
  return `policy forbids it: ${told.join('; ')}${more}`;
}
