/** Of no manifest: the API server's own, and what controllers report. */
const notSpecified = new Set([
  'status',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.uid',
  'metadata.creationTimestamp',
]);
const most = 20;

export interface ChangedField {
  /** `spec.template.spec.containers[0].image`. */
  path: string;
  /** Undefined where it is not set. */
  before: unknown;
  after: unknown;
}

/** Paths at which two objects differ, at most 20 of them. Values are not told: they may be secret. */
export function differences(before: unknown, after: unknown): string[] {
  return changedFields(before, after).map(({ path }) => path);
}

/** Fields in which two objects differ, at most 20 of them; with `set`, of those alone that are set in it. */
export function changedFields(before: unknown, after: unknown, set?: unknown, path = ''): ChangedField[] {
  if (before === after || notSpecified.has(path)) return [];
  const [left, right, wanted] = [entries(before), entries(after), entries(set)];
  if (!left || !right || Array.isArray(before) !== Array.isArray(after)) return [{ path, before, after }];
  const names = wanted ? [...wanted.keys()] : [...new Set([...left.keys(), ...right.keys()])];
  return names
    .flatMap((name) => {
      const to = inside(path, name, Array.isArray(before));
      return changedFields(left.get(name), right.get(name), wanted?.get(name), to);
    })
    .slice(0, most);
}

function inside(path: string, name: string, list: boolean): string {
  if (list) return `${path}[${name}]`;
  return path ? `${path}.${name}` : name;
}

function entries(value: unknown): Map<string, unknown> | null {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}
