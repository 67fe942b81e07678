import type { Container } from '../kinds/types.ts';
import { ContainerConfigError } from './environment.ts';

/**
 * Refuses a container whose probes or hooks bring commands, in a cluster that runs only the images' own programs: whoever may push a manifest
 * would have a shell. Throws ContainerConfigError.
 */
export function refuseCommands(container: Container): void {
  const { lifecycle, ...probes } = container;
  const handlers = {
    ...{
      startupProbe: probes.startupProbe,
      readinessProbe: probes.readinessProbe,
      livenessProbe: probes.livenessProbe,
    },
    ...{ 'lifecycle.postStart': lifecycle?.postStart, 'lifecycle.preStop': lifecycle?.preStop },
  };
  const found = Object.entries(handlers).find(([, handler]) => handler?.exec);
  if (!found) return;
  throw new ContainerConfigError(
    `${found[0]}.exec would run any program as a process of this machine, and this cluster was started without permission for ` +
      'that: use another handler, or start with BREAKWATER_ANY_PROGRAM=yes.',
  );
}
