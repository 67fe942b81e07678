import type { Kind } from '../../kinds/kind.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { keyProblem, labelValueProblem } from '../../kinds/names.ts';
import { badRequest } from '../api-error.ts';
import type { ListOptions } from '../api.ts';

export type Predicate = (object: KubeObject) => boolean;

/**
 * Whether an object is of the namespace and satisfies both selectors.
 *
 * @throws ApiError BadRequest
 */
export function predicate(kind: Kind, { namespace, labelSelector, fieldSelector }: ListOptions): Predicate {
  const tests: Predicate[] = [];
  if (namespace && kind.namespaced) tests.push((object) => object.metadata.namespace === namespace);
  if (labelSelector) tests.push(...parseLabelSelector(labelSelector));
  if (fieldSelector) tests.push(...parseFieldSelector(kind, fieldSelector));
  return (object) => tests.every((test) => test(object));
}

/** As kubectl's -l: `a=b,a==b,a!=b,a in (b,c),a notin (b),a,!a`. */
function parseLabelSelector(selector: string): Predicate[] {
  return requirements(selector).map((requirement) => {
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement);
    if (set) {
      const [, key = '', operator, list = ''] = set;
      const values = new Set(list.split(',').map((value) => checkedValue(value.trim(), selector)));
      return labelTest(key, selector, (value) =>
        operator === 'in' ? value !== undefined && values.has(value) : value === undefined || !values.has(value),
      );
    }
    const equality = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(requirement);
    if (equality) {
      const [, key = '', operator, wanted = ''] = equality;
      checkedValue(wanted, selector);
      return labelTest(key, selector, (value) => (value === wanted) !== (operator === '!='));
    }
    const absent = requirement.startsWith('!');
    const key = absent ? requirement.slice(1).trim() : requirement;
    return labelTest(key, selector, (value) => (value === undefined) === absent);
  });
}

function labelTest(key: string, selector: string, test: (value: string | undefined) => boolean): Predicate {
  const problem = keyProblem(key);
  if (problem)
    throw badRequest(`unable to parse requirement of label selector "${selector}": key "${key}": ${problem}`);
  return ({ metadata: { labels } }) => test(labels && Object.hasOwn(labels, key) ? labels[key] : undefined);
}

function checkedValue(value: string, selector: string): string {
  const problem = labelValueProblem(value);
  if (problem)
    throw badRequest(`unable to parse requirement of label selector "${selector}": value "${value}": ${problem}`);
  return value;
}

/** As kubectl's --field-selector: `a=b,a!=b`. */
function parseFieldSelector(kind: Kind, selector: string): Predicate[] {
  return requirements(selector).map((requirement) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(requirement);
    if (!match) throw badRequest(`invalid field selector "${selector}": "${requirement}" is none of a=b, a==b, a!=b`);
    const [, field = '', operator, wanted] = match;
    const read = fieldReader(kind, field.trim());
    return (object) => (read(object) === wanted) !== (operator === '!=');
  });
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return ({ metadata }) => metadata.name;
  if (field === 'metadata.namespace' && kind.namespaced) return ({ metadata }) => metadata.namespace ?? '';
  const own = kind.fields && Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined;
  if (own) return own;
  const known = [
    'metadata.name',
    ...(kind.namespaced ? ['metadata.namespace'] : []),
    ...Object.keys(kind.fields ?? {}),
  ];
  throw badRequest(`field label not supported: ${field}; ${kind.plural} can be selected by ${known.join(', ')}`);
}

/** Splits at the commas outside of parentheses. */
function requirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
}
