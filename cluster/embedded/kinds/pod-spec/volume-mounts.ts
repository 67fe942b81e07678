import type { FieldErrors } from '../field-errors.ts';
import type { Container } from '../types.ts';

/** The rules for what a container mounts; `path` is where the container is in its object. */
export function validateVolumeMounts(
  mounts: NonNullable<Container['volumeMounts']>,
  path: string,
  volumes: Set<string>,
  errors: FieldErrors,
): void {
  const taken = new Set<string>();
  for (const [index, { name, mountPath, subPath, subPathExpr }] of mounts.entries()) {
    const where = `${path}.volumeMounts[${index}]`;
    if (name && !volumes.has(name)) errors.notFound(`${where}.name`, name);
    if (mountPath && taken.has(mountPath)) errors.invalid(`${where}.mountPath`, mountPath, 'must be unique');
    taken.add(mountPath);
    // Upstream names these without the index.
    for (const [field, text] of Object.entries({ subPath, subPathExpr }))
      errors.path(`${path}.volumeMounts.${field}`, text, 'relative');
    if (subPath && subPathExpr)
      errors.invalid(`${where}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
  }
}
