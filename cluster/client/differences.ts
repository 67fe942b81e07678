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

/** Paths at which two objects differ, at most 20 of them: `spec.template.spec.containers[0].image`. Values are not told: they may be secret. */
export function differences(before: unknown, after: unknown, path = ''): string[] {
  if (before === after || notSpecified.has(path)) return [];
  const [left, right] = [entries(before), entries(after)];
  if (!left || !right || Array.isArray(before) !== Array.isArray(after)) return [path];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names
    .flatMap((name) => differences(left.get(name), right.get(name), inside(path, name, Array.isArray(before))))
    .slice(0, most);
}

function inside(path: string, name: string, list: boolean): string {
  if (list) return `${path}[${name}]`;
  return path ? `${path}.${name}` : name;
}

function entries(value: unknown): Map<string, unknown> | null {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}
