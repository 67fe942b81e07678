import type { Container, PodSpec } from '../types.ts';

const NO_EFFECT = 'has no effect in this cluster';

/** Whoever reads a manifest of a real cluster here should know what of it does nothing. One warning for each such field. */
export function withoutEffect(spec: PodSpec | undefined, path: string): string[] {
  if (!spec) return [];
  const own = (['activeDeadlineSeconds', 'affinity', 'readinessGates', 'topologySpreadConstraints'] as const).filter(
    (field) => spec[field] !== undefined,
  );
  return [
    ...own.map((field) => `${path}.${field}: ${NO_EFFECT}`),
    ...(['initContainers', 'containers'] as const).flatMap((list) =>
      (spec[list] ?? []).flatMap((container, index) => ofContainer(container, `${path}.${list}[${index}]`)),
    ),
  ];
}

function ofContainer({ lifecycle, ...container }: Container, path: string): string[] {
  const warnings: string[] = [];
  if (lifecycle?.postStart) warnings.push(`${path}.lifecycle.postStart: ${NO_EFFECT}`);
  for (const handler of ['exec', 'httpGet', 'tcpSocket'] as const) {
    if (lifecycle?.preStop?.[handler]) warnings.push(`${path}.lifecycle.preStop.${handler}: ${NO_EFFECT}; sleep has`);
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name]?.httpGet?.scheme === 'HTTPS') {
      warnings.push(`${path}.${name}.httpGet.scheme: ${NO_EFFECT}: probes speak HTTP`);
    }
  }
  return warnings;
}

/** The images of a pod that an update changes: a pod keeps the programs it was started with. */
export function changedImages(spec: PodSpec | undefined, old: PodSpec | undefined): string[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec?.[list] ?? []).flatMap(({ image }, index) =>
      image === old?.[list]?.[index]?.image
        ? []
        : `spec.${list}[${index}].image: a change ${NO_EFFECT}: delete the pod and create it anew`,
    ),
  );
}
