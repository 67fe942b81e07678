import { requirementHolds, type Requirement } from '../../label-selector/label-selector.ts';
import type { Node, Pod } from '../kinds/types.ts';

type NodeAffinity = NonNullable<NonNullable<NonNullable<Pod['spec']>['affinity']>['nodeAffinity']>;
type Term = NonNullable<NodeAffinity['preferredDuringSchedulingIgnoredDuringExecution']>[number]['preference'];

/** Whether a node is one that the pod's nodeSelector and its required node affinity let it go to. */
export function nodeMatches(node: Node, { spec }: Pod): boolean {
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => termHolds(term, node));
}

/** The weights of the preferences of the pod's that a node meets, summed up. */
export function nodePreference(node: Node, { spec }: Pod): number {
  const preferred = spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred
    .filter(({ preference }) => termHolds(preference, node))
    .reduce((total, { weight }) => total + weight, 0);
}

/** All of a term has to hold; one without anything holds nowhere. */
function termHolds({ matchExpressions = [], matchFields = [] }: Term, { metadata }: Node): boolean {
  const labels = metadata.labels ?? {};
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((expression) => expressionHolds(expression, labels)) &&
    matchFields.every((field) => requirementHolds(field, { 'metadata.name': metadata.name }))
  );
}

/** Nodes, other than everything else with labels, may be asked for numbers too. */
function expressionHolds(requirement: Requirement, labels: Record<string, string>): boolean {
  const { key, operator, values = [] } = requirement;
  if (operator !== 'Gt' && operator !== 'Lt') return requirementHolds(requirement, labels);
  const number = (text: string | undefined) => (/^-?\d+$/.test(text ?? '') ? Number(text) : NaN);
  const [own, bound] = [number(labels[key]), number(values[0])];
  return operator === 'Gt' ? own > bound : own < bound;
}
