import type { Container, Pod } from '../kinds/types.ts';
import { milliValue, wholeValue } from '../quantity.ts';

/** What a pod asks of a node, in whole numbers: sums of fractions would not come out even. */
export interface Requests {
  /** Thousandths of a CPU. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

const units: Record<keyof Requests, (quantity: string) => number> = { cpu: milliValue, memory: wholeValue };
const resources = Object.keys(units) as (keyof Requests)[];

/** A list of quantities, as a node's allocatable, in the units of requests; undefined for what it does not name. */
export function amounts(quantities: Record<string, string> | undefined): Partial<Requests> {
  const named = resources.filter((resource) => quantities?.[resource] !== undefined);
  return Object.fromEntries(named.map((resource) => [resource, units[resource](quantities![resource]!)]));
}

/**
 * What a pod needs at its hungriest moment: its containers and sidecars together, or the init container that needs more beside
 * the sidecars started before it.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podRequests({ spec }: Pod): Requests {
  const running = (spec?.containers ?? []).map(requestsOf).reduce(sum, none);
  let sidecars = none;
  let starting = none;
  for (const container of spec?.initContainers ?? []) {
    const asked = requestsOf(container);
    if (container.restartPolicy === 'Always') sidecars = sum(sidecars, asked);
    starting = most(starting, container.restartPolicy === 'Always' ? sidecars : sum(sidecars, asked));
  }
  return sum(most(sum(running, sidecars), starting), { cpu: 0, memory: 0, ...amounts(spec?.overhead) });
}

const none: Requests = { cpu: 0, memory: 0 };

function requestsOf({ resources: { requests, limits } = {} }: Container): Requests {
  return { ...none, ...amounts({ ...limits, ...requests }) };
}

export function sum(a: Requests, b: Requests): Requests {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

function most(a: Requests, b: Requests): Requests {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}
