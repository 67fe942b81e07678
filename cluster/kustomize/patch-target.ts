import { groupOf, type Resource } from './kube-object.ts';
import type { PatchTarget } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';

/** Which resources a patch is for: all conditions must hold; names, kinds and namespaces are whole regular expressions. */
export function selects(target: PatchTarget): (resource: Resource) => boolean {
  const group = pattern(target.group);
  const version = pattern(target.version);
  const kind = pattern(target.kind);
  const name = pattern(target.name);
  const namespace = pattern(target.namespace);
  const labels = selector(target.labelSelector);
  const annotations = selector(target.annotationSelector);
  return ({ object, originalName }) =>
    group(groupOf(object)) &&
    version(object.apiVersion.split('/').at(-1)!) &&
    kind(object.kind) &&
    (name(object.metadata.name) || name(originalName)) &&
    namespace(object.metadata.namespace ?? '') &&
    labels(object.metadata.labels ?? {}) &&
    annotations(object.metadata.annotations ?? {});
}

function pattern(source: string | undefined): (text: string) => boolean {
  if (source === undefined) return () => true;
  try {
    const whole = new RegExp(`^(?:${source})$`);
    return (text) => whole.test(text);
  } catch (cause) {
    throw new KustomizeError('malformed', `The patch target ${source} is not a regular expression.`, { cause });
  }
}

type Pairs = Record<string, string>;
type Condition = (pairs: Pairs) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k`: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels */
function selector(source: string | undefined): Condition {
  if (!source) return () => true;
  const conditions = source.split(/,(?![^(]*\))/).map((part) => condition(part.trim(), source));
  return (pairs) => conditions.every((holds) => holds(pairs));
}

function condition(part: string, source: string): Condition {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (pairs) => (key in pairs && values.includes(pairs[key]!)) === (operator === 'in');
  }
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return (pairs) => (pairs[key] === value) === (operator !== '!=');
  }
  const existence = /^(!?)\s*([\w./-]+)$/.exec(part);
  if (existence) return (pairs) => existence[2]! in pairs === (existence[1] === '');
  throw new KustomizeError('malformed', `The selector ${source} cannot be read at "${part}".`);
}
