import { requirementHolds, type Requirement } from '../../label-selector/label-selector.ts';

/** A `LabelSelector` of meta/v1, as Deployments have it. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

/** Whether labels satisfy a selector; an empty selector matches everything. */
export function selectorMatches(selector: LabelSelector, labels: Record<string, string>): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) =>
    requirementHolds({ key, operator: 'In', values: [value] }, labels),
  );
  return equal && (selector.matchExpressions ?? []).every((expression) => requirementHolds(expression, labels));
}
