/** One condition on labels, as in the `matchExpressions` of meta/v1. */
export interface Requirement {
  key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`; anything else never holds. */
  operator: string;
  values?: string[];
}

/** A selector that does not follow the grammar. */
export class SelectorSyntaxError extends Error {
  readonly code = 'SelectorMalformed';
  /** Where it cannot be read. */
  readonly part: string;

  constructor(selector: string, part: string) {
    super(`the selector "${selector}" cannot be read at "${part}": write a=b, a!=b, a in (b,c), a notin (b), a or !a`);
    this.part = part;
  }
}

/**
 * Reads a selector as kubectl's -l takes it, `a=b,a==b,a!=b,a in (b,c),a notin (b),a,!a,a>1,a<9`; all of it has to hold.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels
 *
 * @throws SelectorSyntaxError
 */
export function parseLabelSelector(selector: string): Requirement[] {
  // At the commas outside of parentheses.
  const parts = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
  return selector.trim() === '' ? [] : parts.map((part) => parseRequirement(part, selector));
}

function parseRequirement(part: string, selector: string): Requirement {
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    return { key, operator: operator === 'in' ? 'In' : 'NotIn', values: list.split(',').map((value) => value.trim()) };
  }
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return { key, operator: operator === '!=' ? 'NotIn' : 'In', values: [value] };
  }
  const bound = /^([\w./-]+)\s*([<>])\s*(-?\d+)$/.exec(part);
  if (bound) return { key: bound[1]!, operator: bound[2] === '>' ? 'Gt' : 'Lt', values: [bound[3]!] };
  const existence = /^(!?)\s*([\w./-]+)$/.exec(part);
  if (!existence) throw new SelectorSyntaxError(selector, part);
  return { key: existence[2]!, operator: existence[1] ? 'DoesNotExist' : 'Exists' };
}

/** Whether labels (or annotations) satisfy a requirement. */
export function requirementHolds({ key, operator, values = [] }: Requirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return (
        isWhole(value) && (operator === 'Gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]))
      );
    default:
      return false;
  }
}

function isWhole(value: string | undefined): boolean {
  return /^-?\d+$/.test(value ?? '');
}
