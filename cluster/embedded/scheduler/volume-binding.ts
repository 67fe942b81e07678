import type { Api } from '../apiserver/api.ts';
import { SELECTED_NODE } from '../kinds/persistent-volume-claim.ts';
import type { PersistentVolumeClaim, Pod } from '../kinds/types.ts';
import { orNull } from '../reconcile/api-errors.ts';

/** What the claims of a pod say to its going anywhere. Volumes are folders that all nodes see: none rules out a node. */
export interface ClaimsOfPod {
  /** Why it can go nowhere, in the words of upstream's VolumeBinding filter. */
  obstacle?: string;
  /** Those that get a volume only once the pod has a node. */
  waiting: PersistentVolumeClaim[];
}

export async function claimsOf(api: Api, { metadata, spec }: Pod): Promise<ClaimsOfPod> {
  const waiting: PersistentVolumeClaim[] = [];
  for (const { persistentVolumeClaim: source } of spec?.volumes ?? []) {
    if (!source) continue;
    const claim = await orNull(api.get('PersistentVolumeClaim', source.claimName, metadata.namespace));
    const name = `persistentvolumeclaim "${source.claimName}"`;
    if (!claim) return { obstacle: `${name} not found`, waiting: [] };
    if (claim.metadata.deletionTimestamp) return { obstacle: `${name} is being deleted`, waiting: [] };
    const { phase = 'Pending' } = claim.status ?? {};
    if (phase === 'Lost') {
      return { obstacle: `${name} bound to non-existent persistentvolume "${claim.spec?.volumeName}"`, waiting: [] };
    }
    if (phase === 'Bound') continue;
    if (!(await waitsForConsumer(api, claim))) {
      return { obstacle: 'pod has unbound immediate PersistentVolumeClaims', waiting: [] };
    }
    waiting.push(claim);
  }
  return { waiting };
}

async function waitsForConsumer(api: Api, { spec }: PersistentVolumeClaim): Promise<boolean> {
  if (!spec?.storageClassName || spec.volumeName) return false;
  const of = await orNull(api.get('StorageClass', spec.storageClassName));
  return of?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** Lets the controller bind them; the pod is bound to its node when they are. */
export async function selectNode(api: Api, claims: PersistentVolumeClaim[], node: string): Promise<void> {
  for (const { metadata } of claims) {
    if (metadata.annotations?.[SELECTED_NODE] === node) continue;
    const annotations = { [SELECTED_NODE]: node };
    await api.patch('PersistentVolumeClaim', metadata.name, metadata.namespace, { metadata: { annotations } });
  }
}

/** Whether a claim is one of the pod's. */
export function wantsClaim({ metadata, spec }: Pod, claim: PersistentVolumeClaim['metadata']): boolean {
  if (metadata.namespace !== claim.namespace) return false;
  return (spec?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.name);
}
