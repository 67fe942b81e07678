import { isDeepStrictEqual } from 'node:util';
import { elementOf, types } from '../../../api-schema/facts.ts';
import { readYaml } from '../yaml.ts';

/** How far a field is honoured: wholly, or for these values alone; why not further. */
export type Honoured = 'yes' | { only?: unknown[]; because?: string };

/** What is honoured of each type that is not honoured as a whole, by type and field; honoured.yaml says how it is written. */
export const honoured = readYaml(new URL('honoured.yaml', import.meta.url)) as Record<string, Record<string, Honoured>>;

/** What every object has, and the status, which is the cluster's own to write. */
const common = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * What an object of a type says that has no effect in this cluster, a sentence for each such field, in the order of the object:
 * `spec.priorityClassName: has no effect in this cluster: nothing is preempted`. What is empty says nothing.
 */
export function withoutEffect(object: object, type: string): string[] {
  const found: string[] = [];
  const spec = Object.entries(object).filter(([field]) => !common.has(field));
  visitFields(Object.fromEntries(spec), type, '');
  return found;

  function visitFields(value: object, type: string, path: string): void {
    const list = honoured[type];
    for (const [field, part] of Object.entries(value)) {
      const its = types[type]!.fields[field];
      if (!its || isEmpty(part)) continue;
      const where = path ? `${path}.${field}` : field;
      const how = list ? (list[field] ?? {}) : 'yes';
      if (how === 'yes') visit(part, its.type, where);
      else if (!how.only?.some((one) => isDeepStrictEqual(one, part))) {
        const what = how.only && typeof part !== 'object' ? `${String(part)} ` : '';
        found.push(`${where}: ${what}has no effect in this cluster${how.because ? `: ${how.because}` : ''}`);
      }
    }
  }

  function visit(value: unknown, type: string, path: string): void {
    const element = elementOf(type);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(types, element)) return;
    if (element === type) return visitFields(value, type, path);
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'object' && item !== null) visitFields(item as object, element, `${path}[${key}]`);
    }
  }
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value;
}
