import type { FieldErrors } from './field-errors.ts';
import { keyProblem, labelValueProblem, nameProblem, type NameRule } from './names.ts';
import type { ObjectMeta } from './types.ts';

/** Those that need no domain before them. */
const FINALIZERS = ['foregroundDeletion', 'kubernetes', 'orphan'];
/** All annotations of an object together, in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

export function validateObjectMeta(metadata: ObjectMeta, rule: NameRule, errors: FieldErrors): void {
  if (!metadata.name) errors.required('metadata.name', 'name or generateName is required');
  else {
    const problem = nameProblem(metadata.name, rule);
    if (problem) errors.invalid('metadata.name', metadata.name, problem);
  }
  validateLabels(metadata.labels, 'metadata.labels', errors);
  validateAnnotations(metadata.annotations, 'metadata.annotations', errors);
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    const isKnown = finalizer.includes('/') || FINALIZERS.includes(finalizer);
    const problem =
      keyProblem(finalizer) ??
      (isKnown ? undefined : 'name is neither a standard finalizer name nor is it fully qualified');
    if (problem) errors.invalid(`metadata.finalizers[${index}]`, finalizer, problem);
  }
  validateOwners(metadata.ownerReferences ?? [], errors);
}

function validateOwners(owners: NonNullable<ObjectMeta['ownerReferences']>, errors: FieldErrors): void {
  const path = 'metadata.ownerReferences';
  for (const owner of owners) {
    // Upstream names these without the index.
    for (const [field, words] of Object.entries({ apiVersion: 'version ', kind: '', name: '', uid: '' })) {
      if (!owner[field as keyof typeof owner]) errors.invalid(`${path}.${field}`, '', `${words}must not be empty`);
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event')
      errors.invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner');
  }
  const [first, second] = owners.filter(({ controller }) => controller).map(({ kind, name }) => `${kind}/${name}`);
  if (second) {
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
    errors.invalid(path, owners, detail);
  }
}

export function validateLabels(labels: Record<string, string> | undefined, path: string, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const keyed = keyProblem(key);
    if (keyed) errors.invalid(path, key, keyed);
    const valued = labelValueProblem(value);
    if (valued) errors.invalid(path, value, valued);
  }
}

export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    const problem = keyProblem(key.toLowerCase());
    if (problem) errors.invalid(path, key, problem);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > ANNOTATIONS_LIMIT) errors.tooLong(path, ANNOTATIONS_LIMIT);
}
