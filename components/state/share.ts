type Keyed = { id?: unknown; name?: unknown };

const keyOf = (item: unknown) => {
  if (typeof item !== 'object' || item === null) return undefined;
  const { id, name } = item as Keyed;
  return id ?? name;
};

/**
 * Answers `next`, but built from the parts of `previous` that did not change, so that a component which reads one
 * service renders only when that service changed. List members are matched by `id` or `name`, else by position.
 */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (typeof previous !== 'object' || typeof next !== 'object' || previous === null || next === null) return next;
  if (Array.isArray(next)) return (Array.isArray(previous) ? shareList(previous, next) : next) as T;
  if (Array.isArray(previous)) return next;

  const before = previous as Record<string, unknown>;
  const after = next as Record<string, unknown>;
  const merged: Record<string, unknown> = {};
  let same = Object.keys(before).length === Object.keys(after).length;
  for (const key of Object.keys(after)) {
    merged[key] = share(before[key], after[key]);
    if (!(key in before) || !Object.is(merged[key], before[key])) same = false;
  }
  return (same ? previous : merged) as T;
}

function shareList(previous: unknown[], next: unknown[]): unknown[] {
  const byKey = new Map(previous.map((item) => [keyOf(item), item]));
  let same = previous.length === next.length;
  const merged = next.map((item, index) => {
    const key = keyOf(item);
    const shared = share(key === undefined ? previous[index] : byKey.get(key), item);
    if (!Object.is(shared, previous[index])) same = false;
    return shared;
  });
  return same ? previous : merged;
}
