import {
  parseLabelSelector,
  requirementHolds,
  SelectorSyntaxError,
  type Requirement,
} from '../../../label-selector/label-selector.ts';
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
  if (labelSelector) tests.push(...labelTests(labelSelector));
  if (fieldSelector) tests.push(...parseFieldSelector(kind, fieldSelector));
  return (object) => tests.every((test) => test(object));
}

function labelTests(selector: string): Predicate[] {
  return readLabelSelector(selector).map((requirement) => {
    const { key, values = [] } = requirement;
    const refuse = (what: string, problem: string) => {
      throw badRequest(`unable to parse requirement of label selector "${selector}": ${what}: ${problem}`);
    };
    const problem = keyProblem(key);
    if (problem) refuse(`key "${key}"`, problem);
    for (const value of values) {
      const problem = labelValueProblem(value);
      if (problem) refuse(`value "${value}"`, problem);
    }
    return ({ metadata: { labels = {} } }) => requirementHolds(requirement, labels);
  });
}

function readLabelSelector(selector: string): Requirement[] {
  try {
    return parseLabelSelector(selector);
  } catch (cause) {
    if (!(cause instanceof SelectorSyntaxError)) throw cause;
    throw badRequest(cause.message, { cause });
  }
}

/** As kubectl's --field-selector: `a=b,a!=b`. */
function parseFieldSelector(kind: Kind, selector: string): Predicate[] {
  const requirements = selector.split(',').map((part) => part.trim());
  return requirements.filter(Boolean).map((requirement) => {
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
  throw badRequest(
    kind.fields
      ? `field label not supported: ${field}`
      : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}
