import { describe, type Resource } from './kube-object.ts';
import type { Replacement } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { sameText, selects } from './patch-target.ts';

/** An object or a list, by field or index. */
type Holder = Record<string, unknown>;

/** Copies values from one resource into fields of others. The fields must be there already. */
export function applyReplacements(resources: Resource[], replacements: Replacement[], folder: string): void {
  for (const { source, targets } of replacements) {
    const { fieldPath, ...selector } = source;
    const [from, other] = resources.filter(selects(selector, sameText));
    const what = `The source of a replacement in ${folder}, ${JSON.stringify(selector)},`;
    if (!from) throw new KustomizeError('no-match', `${what} is not there; correct its kind or name.`);
    if (other) throw new KustomizeError('no-match', `${what} is there more than once; say more of it.`);
    const [value] = found(from, fieldPath).map(({ holder, field }) => holder[field]);
    if (value === undefined) throw missing(from, fieldPath, folder);
    for (const { select, fieldPaths } of targets) {
      for (const resource of resources.filter(selects(select, sameText))) {
        for (const path of fieldPaths) replace(resource, path, value, folder);
      }
    }
  }
}

function replace(resource: Resource, path: string, value: unknown, folder: string): void {
  const places = found(resource, path);
  if (places.length === 0) throw missing(resource, path, folder);
  for (const { holder, field } of places) holder[field] = likeBefore(holder[field], value);
}

/** A text stays a text, and a number becomes one: `"3"` of a ConfigMap is 3 replicas. */
function likeBefore(before: unknown, value: unknown): unknown {
  if (typeof value === 'object') return structuredClone(value);
  if (typeof before === 'number' && value !== '' && Number.isFinite(Number(value))) return Number(value);
  if (typeof before === 'boolean' && ['true', 'false'].includes(String(value))) return String(value) === 'true';
  return typeof before === 'object' ? value : String(value);
}

/** The places at `spec.containers.[name=a].env.0`: names, indices and items by what they hold. A dot in a name is `\.`. */
function found({ object }: Resource, path: string): { holder: Holder; field: string }[] {
  const steps = (path.match(/\[[^\]]*\]|(\\.|[^.\\[\]])+/g) ?? []).map((step) => step.replaceAll('\\.', '.'));
  let places: { holder: Holder; field: string }[] = [{ holder: { '': object }, field: '' }];
  for (const step of steps) {
    places = places.flatMap(({ holder, field }) => {
      const here = holder[field] as Holder | undefined;
      if (typeof here !== 'object' || here === null) return [];
      const fields = fieldsAt(here, step).filter((name) => Object.hasOwn(here, name));
      return fields.map((name) => ({ holder: here, field: name }));
    });
  }
  return places;
}

function fieldsAt(here: Holder, step: string): string[] {
  const [, key, wanted] = /^\[(.+?)=(.*)\]$/.exec(step) ?? [];
  if (step !== '*' && key === undefined) return [step];
  if (!Array.isArray(here)) return [];
  const items = [...(here as (Holder | null)[]).entries()];
  return items.filter(([, item]) => step === '*' || String(item?.[key!]) === wanted).map(([index]) => String(index));
}

function missing({ object }: Resource, path: string, folder: string): KustomizeError {
  const says = `A replacement in ${folder} names ${path}, which ${describe(object)} does not have; correct the path.`;
  return new KustomizeError('no-match', says);
}
