import { parseLabelSelector, requirementHolds, SelectorSyntaxError } from '../label-selector/label-selector.ts';
import { groupOf, type Resource } from './kube-object.ts';
import type { PatchTarget } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';

/**
 * Which resources a patch is for: all conditions must hold; names, kinds and namespaces are whole regular expressions. Those that a
 * replacement is from or for are to be the same text instead: `matching` is then `sameText`.
 */
export function selects(target: PatchTarget, matching = wholeExpression): (resource: Resource) => boolean {
  const group = matching(target.group);
  const version = matching(target.version);
  const kind = matching(target.kind);
  const name = matching(target.name);
  const namespace = matching(target.namespace);
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

export function sameText(source: string | undefined): (text: string) => boolean {
  return (text) => source === undefined || source === text;
}

function wholeExpression(source: string | undefined): (text: string) => boolean {
  if (source === undefined) return () => true;
  try {
    const whole = new RegExp(`^(?:${source})$`);
    return (text) => whole.test(text);
  } catch (cause) {
    throw new KustomizeError('malformed', `The patch target ${source} is not a regular expression.`, { cause });
  }
}

function selector(source: string | undefined): (pairs: Record<string, string>) => boolean {
  try {
    const requirements = parseLabelSelector(source ?? '');
    return (pairs) => requirements.every((requirement) => requirementHolds(requirement, pairs));
  } catch (cause) {
    if (!(cause instanceof SelectorSyntaxError)) throw cause;
    throw new KustomizeError('malformed', `The selector ${source} cannot be read at "${cause.part}".`, { cause });
  }
}
