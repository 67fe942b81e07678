/**
 * A set of fields, as `fieldsV1` of metadata.managedFields writes it: `f:name` is a field or map key, `k:{"name":"a"}` the item of a
 * list with these keys, `v:1` a member of a list that is a set. A node without children is in the set, one with children is
 * in it where it has a `.`. The root never is.
 */
export interface Fields {
  [element: string]: Fields;
}

/** Whether a node itself is in the set, apart from what is below it. */
export function isMember(node: Fields): boolean {
  return '.' in node || Object.keys(node).length === 0;
}

export function isEmpty(set: Fields): boolean {
  return Object.keys(set).length === 0;
}

type Rule = (inA: boolean, inB: boolean) => boolean;

export const union = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA || inB);
export const difference = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA && !inB);
export const intersection = (a: Fields, b: Fields): Fields => combine(a, b, (inA, inB) => inA && inB);

function combine(a: Fields, b: Fields, rule: Rule): Fields {
  // What only one set has is taken or left as a whole: the sets of a write are small, those of an object are not.
  const children: Fields = {};
  for (const element of Object.keys(a)) {
    if (element === '.') continue;
    const node = element in b ? combineNodes(a[element]!, b[element]!, rule) : rule(true, false) ? a[element]! : null;
    if (node) children[element] = node;
  }
  if (!rule(false, true)) return children;
  for (const element of Object.keys(b)) if (element !== '.' && !(element in a)) children[element] = b[element]!;
  return children;
}

function combineNodes(a: Fields, b: Fields, rule: Rule): Fields | null {
  return nodeOf(rule(isMember(a), isMember(b)), combine(a, b, rule));
}

/** A node from whether it is in the set itself and what is below it; null when neither is anything. */
export function nodeOf(member: boolean, children: Fields): Fields | null {
  if (isEmpty(children)) return member ? {} : null;
  return member ? { '.': {}, ...children } : children;
}

/** The paths in a set as an error names them: `.spec.containers[name="web"].image`. */
export function pathsOf(set: Fields, prefix = ''): string[] {
  return Object.entries(set).flatMap(([element, node]) => {
    if (element === '.') return [];
    const path = prefix + textOf(element);
    return [...(isMember(node) ? [path] : []), ...pathsOf(node, path)];
  });
}

function textOf(element: string): string {
  const value = element.slice(2);
  if (element.startsWith('f:')) return `.${value}`;
  if (element.startsWith('v:')) return `[=${value}]`;
  const keys = Object.entries(JSON.parse(value) as Record<string, unknown>);
  return `[${keys.map(([key, item]) => `${key}=${JSON.stringify(item)}`).join(',')}]`;
}
