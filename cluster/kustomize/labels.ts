import type { Resource } from './kube-object.ts';
import type { Label } from './kustomization.ts';
import { at, existing, podSelectors, workload } from './workload.ts';

/** Adds labels to all resources, and on demand to what is made from them and to selectors. */
export function setLabels(resources: Resource[], labels: Label[]): void {
  for (const { pairs, includeSelectors, includeTemplates } of labels) {
    if (Object.keys(pairs).length === 0) continue;
    for (const { object } of resources) {
      Object.assign(at(object, ['metadata', 'labels']), pairs);
      const { template, alsoMade, selector, claims } = workload(object);
      // A selector that the pods do not fit would be refused: selectors include templates.
      if (includeSelectors || includeTemplates) {
        const made = [template, alsoMade].flatMap((path) => (path ? [at(object, path)] : []));
        const holders = [...made, ...(claims ? existing(object, claims) : [])];
        for (const holder of holders) Object.assign(at(holder, ['metadata', 'labels']), pairs);
      }
      if (!includeSelectors) continue;
      if (selector) Object.assign(at(object, selector), pairs);
      for (const found of podSelectors(object)) Object.assign(found, pairs);
    }
  }
}

/** Adds annotations to all resources and to what is made from them. */
export function setAnnotations(resources: Resource[], annotations: Record<string, string>): void {
  if (Object.keys(annotations).length === 0) return;
  for (const { object } of resources) {
    const { template, alsoMade } = workload(object);
    for (const made of [[], template, alsoMade]) {
      if (made) Object.assign(at(object, [...made, 'metadata', 'annotations']), annotations);
    }
  }
}
