import type { SignalPoint } from '../../server/contract/signals.ts';
import type { Changes, Run } from '../../server/contract/stream.ts';
import { share } from './share.ts';

/** The entities that a page knows. */
export interface Entities {
  values: Map<string, unknown>;
  /** Ids in order, by the path of the list. */
  lists: Map<string, readonly string[]>;
}

export const noEntities = (): Entities => ({ values: new Map(), lists: new Map() });

/** Takes in what changed, and answers the state as it is now, built from the parts of `before` that did not change. */
export function fold(entities: Entities, { lists, set, merge }: Changes, before: object | null): object {
  for (const [path, ids] of Object.entries(lists ?? {})) {
    entities.lists.set(path, ids);
    const kept = new Set(ids.map((id) => `${path}/${id}`));
    for (const key of entities.values.keys())
      if (key.startsWith(`${path}/`) && !kept.has(key)) entities.values.delete(key);
  }
  const { values } = entities;
  for (const [key, value] of Object.entries(set ?? {})) values.set(key, share(values.get(key), value));
  for (const [key, fields] of Object.entries(merge ?? {}))
    values.set(key, share(values.get(key), { ...(values.get(key) as object | undefined), ...fields }));
  return share(before, stateOf(entities));
}

/** Forgets what belongs to a member that is shown no more: should it be shown again, it comes anew. */
export function forget(entities: Entities, member: string): void {
  const belongs = (key: string) => key === member || key.startsWith(`${member}.`) || key.startsWith(`${member}/`);
  for (const part of [entities.values, entities.lists])
    for (const key of part.keys()) if (belongs(key)) part.delete(key);
}

function stateOf({ values, lists }: Entities): object {
  const state: Record<string, unknown> = {};
  const put = (path: string, value: unknown) => {
    const [member, part] = path.split('.') as [string, string?];
    if (part === undefined) state[member] = value;
    else state[member] = { ...(state[member] as object | undefined), [part]: value };
  };
  for (const [key, value] of values) if (!key.includes('/')) put(key, value);
  for (const [path, ids] of lists)
    put(
      path,
      ids.map((id) => values.get(`${path}/${id}`)),
    );
  return state;
}

/** The seconds of a run, one after the other. */
export function pointsOf({ t0, count, errors, p50, p95, p99, inFlight }: Run): SignalPoint[] {
  return count.map((each, i) => ({
    t: t0 + i,
    count: each,
    errors: errors?.[i] ?? 0,
    p50: p50?.[i] ?? null,
    p95: p95?.[i] ?? null,
    p99: p99?.[i] ?? null,
    inFlight: inFlight?.[i] ?? null,
  }));
}
