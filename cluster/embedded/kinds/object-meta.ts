import type { FieldErrors } from './field-errors.ts';
import { keyProblem, labelValueProblem, nameProblem, type NameRule } from './names.ts';
import type { ObjectMeta } from './types.ts';

/** All annotations of an object together, in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

export function validateObjectMeta(metadata: ObjectMeta, rule: NameRule, errors: FieldErrors): void {
  if (!metadata.name) errors.required('metadata.name', 'name or generateName is required');
  else {
    const problem = nameProblem(metadata.name, rule);
    if (problem) errors.invalid('metadata.name', metadata.name, problem);
  }
  validateLabels(metadata.labels, 'metadata.labels', errors);
  validateAnnotations(metadata.annotations, errors);
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    const problem = keyProblem(finalizer);
    if (problem) errors.invalid(`metadata.finalizers[${index}]`, finalizer, problem);
  }
  for (const [index, owner] of (metadata.ownerReferences ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field]) errors.required(`metadata.ownerReferences[${index}].${field}`);
    }
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

function validateAnnotations(annotations: Record<string, string> | undefined, errors: FieldErrors): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    const problem = keyProblem(key.toLowerCase());
    if (problem) errors.invalid('metadata.annotations', key, problem);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > ANNOTATIONS_LIMIT) errors.tooLong('metadata.annotations', ANNOTATIONS_LIMIT);
}
