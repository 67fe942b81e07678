import type { ServedKind } from '../../apiserver/api.ts';
import type { KubeObject, Namespace } from '../../kinds/types.ts';
import { setCondition } from '../../reconcile/conditions.ts';

/** An object that is still in a namespace that goes. */
export interface Left {
  kind: ServedKind;
  object: KubeObject;
}

type Condition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number];

/** What of a namespace that goes is left and what holds it, in the conditions that upstream's namespace controller sets. */
export function contentConditions(left: Left[], before: Condition[] = []): Condition[] {
  const resources = left.map(({ kind: { plural, group } }) => `${plural}.${group}`);
  const remaining = tally(resources, (what, count) => `${what} has ${count} resource instances`);
  const finalizers = left.flatMap(({ object }) => object.metadata.finalizers ?? []);
  const held = tally(finalizers, (what, count) => `${what} in ${count} resource instances`);
  const discovered = 'All resources successfully discovered';
  const wanted = [
    condition('NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', discovered),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    remaining
      ? condition(
          'NamespaceContentRemaining',
          true,
          'SomeResourcesRemain',
          `Some resources are remaining: ${remaining}`,
        )
      : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    held
      ? condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
  return wanted.reduce<Condition[]>((all, next) => setCondition(all, next, Date.now()), before);
}

function condition(type: string, status: boolean, reason: string, message: string): Condition {
  return { type, status: status ? 'True' : 'False', reason, message };
}

/** `a in 2, b in 1`, in alphabetical order. */
function tally(items: string[], text: (item: string, count: number) => string): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([item, count]) => text(item, count))
    .join(', ');
}
