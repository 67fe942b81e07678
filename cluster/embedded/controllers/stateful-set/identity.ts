import type { ControllerRevision, Pod, StatefulSet } from '../../kinds/types.ts';
import { podRevisionLabel, templateOf } from '../../reconcile/controller-revisions.ts';

const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const podIndexLabel = 'apps.kubernetes.io/pod-index';

type Volume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];

/** The number of a pod in its StatefulSet, from its name; null for a pod whose name is not of the set's. */
export function ordinalOf({ metadata }: StatefulSet, pod: Pod): number | null {
  const prefix = `${metadata.name}-`;
  if (!pod.metadata.name.startsWith(prefix)) return null;
  const digits = pod.metadata.name.slice(prefix.length);
  return /^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : null;
}

/** The numbers the set wants pods of, in order. */
export function ordinals({ spec }: StatefulSet): number[] {
  const start = spec?.ordinals?.start ?? 0;
  return Array.from({ length: spec?.replicas ?? 1 }, (_, i) => start + i);
}

/** The name of the claim that a template makes for the pod with this number. */
export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`;
}

/** The pod with this number as a revision describes it: its name, its host name and its volumes are its own. */
export function podFor(set: StatefulSet, ordinal: number, revision: ControllerRevision) {
  const name = `${set.metadata.name}-${ordinal}`;
  const template = templateOf(revision);
  const labels = {
    ...template.metadata?.labels,
    [podNameLabel]: name,
    [podIndexLabel]: String(ordinal),
    [podRevisionLabel]: revision.metadata.name,
  };
  const claims: Volume[] = (set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata!.name!,
    persistentVolumeClaim: { claimName: claimName(set, metadata!.name!, ordinal) },
  }));
  const own = new Set(claims.map((volume) => volume.name));
  const others = (template.spec?.volumes ?? []).filter((volume) => !own.has(volume.name));
  return {
    name,
    template: {
      metadata: { ...template.metadata, labels },
      spec: {
        ...template.spec!,
        hostname: name,
        subdomain: set.spec?.serviceName,
        volumes: [...others, ...claims],
      },
    },
  };
}
