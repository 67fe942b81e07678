import { parseQuantity } from '../../quantity.ts';
import type { Container, Pod } from '../types.ts';

/** A limit without a request is a request too. */
export function requestsFromLimits(container: Container): void {
  const { resources } = container;
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

/** Who is evicted first: BestEffort, then Burstable, then Guaranteed (requests of cpu and memory equal to the limits). */
export function qosClass({ spec }: Pod): string {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const resources = ['cpu', 'memory'];
  const asks = containers.some(({ resources: { requests = {}, limits = {} } = {} }) =>
    resources.some((name) => requests[name] !== undefined || limits[name] !== undefined),
  );
  if (!asks) return 'BestEffort';
  const guaranteed = containers.every(({ resources: { requests = {}, limits = {} } = {} }) =>
    resources.every((name) => limits[name] !== undefined && isEqual(requests[name], limits[name])),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** By what they amount to: `1` and `1000m` are the same. */
function isEqual(a: string | undefined, b: string): boolean {
  return a !== undefined && parseQuantity(a) === parseQuantity(b);
}
