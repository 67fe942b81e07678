import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Shape } from './graph.ts';

/** From the root of the repository, where pages are built and served. */
const manifests = 'cluster/shop/manifests/base';

/** What of a Deployment is read; its labels and annotations are described in cluster/shop/README.md. */
interface Workload {
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/**
 * Who calls whom in the shop, by its manifests. Only where things are drawn comes from here: what is drawn is what the cluster
 * reports, and a service or a call that is missing here has the page lay out the whole anew.
 */
export function shopShape(folder = manifests): Shape {
  const workloads = globSync(join(folder, '*', '*.yaml'))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((each) => each.toJS() as Workload | null))
    .filter((object) => object?.kind === 'Deployment') as Workload[];
  const calls = new Map(workloads.map(({ metadata }) => [metadata.name, callsOf(metadata)]));
  const isDatabase = (name: string) =>
    workloads.find(({ metadata }) => metadata.name === name)?.metadata.labels?.['breakwater.dev/role'] === 'database';
  const names = inOrder(calls).toSorted((a, b) => Number(isDatabase(a)) - Number(isDatabase(b)));
  return {
    services: names.map((name) => ({ name })),
    edges: names.flatMap((source) =>
      (calls.get(source) ?? []).map((destination) => {
        const protocol = isDatabase(destination) ? 'sql' : 'http';
        return { id: `${source}>${destination}`, source, destination, protocol };
      }),
    ),
  };
}

function callsOf({ annotations }: Workload['metadata']): string[] {
  return (annotations?.['breakwater.dev/calls'] ?? '').split(',').flatMap((name) => name.trim() || []);
}

/** Callers before those they call; first of all who is called by nobody. */
function inOrder(calls: Map<string, string[]>): string[] {
  const called = new Set([...calls.values()].flat());
  const names = new Set([...calls.keys()].filter((name) => !called.has(name)));
  for (const name of names) for (const callee of calls.get(name) ?? []) names.add(callee);
  return [...new Set([...names, ...calls.keys()])];
}
