import type { Pod } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';

/** Which container a request is about: the one it names, else the default or only one. Throws ApiError BadRequest. */
export function containerOf(pod: Pod, asked: string | null): string {
  const [containers, init, ephemeral] = [
    pod.spec?.containers,
    pod.spec?.initContainers,
    pod.spec?.ephemeralContainers,
  ].map((list) => (list ?? []).map(({ name }) => name)) as [string[], string[], string[]];
  const names = [...init, ...containers, ...ephemeral];
  if (asked) {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && names.includes(preferred)) return preferred;
  if (containers.length === 1) return containers[0]!;
  const orInit = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.join(' ')}]${orInit}`,
  );
}
