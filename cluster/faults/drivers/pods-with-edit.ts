import type { Pod } from '../../embedded/kinds/types.ts';
import type { Reading } from '../evidence.ts';
import type { FaultEdit } from '../fault-object.ts';

/** Reports those of the pods that are of a template which was changed, and how often their containers have ended. */
export function reportPodsWith(
  edits: readonly FaultEdit[],
  pods: readonly Pod[],
  report: (reading: Reading) => void,
): void {
  for (const { metadata, spec, status } of pods) {
    const isWith = edits.some(({ field, after }) => {
      const [, container, name] = field.split(' ');
      const env = spec?.containers.find((each) => each.name === container)?.env;
      return env?.some((each) => each.name === name && each.value === after) ?? false;
    });
    if (!isWith) continue;
    const killed = (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
    report({ counter: metadata.name, killed, pods: [metadata.name] });
  }
}
