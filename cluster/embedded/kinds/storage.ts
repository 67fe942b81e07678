import { parseQuantity } from '../quantity.ts';
import type { FieldErrors } from './field-errors.ts';
import type { KubeObject } from './types.ts';

/** What volumes and claims have in common. */

const shortModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** As kubectl writes them: `RWO,RWX`. */
export function accessModesCell(modes: string[] = []): string {
  return Object.keys(shortModes)
    .filter((mode) => modes.includes(mode))
    .map((mode) => shortModes[mode])
    .join(',');
}

export function phaseCell({ metadata, status }: KubeObject & { status?: { phase?: string } }): string {
  return metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '');
}

/** @param path of the resources, of which `storage` has to be there */
export function validateStorage(
  modes: string[] | undefined,
  path: string,
  resources: Record<string, string> | undefined,
  errors: FieldErrors,
): void {
  if (!modes?.length) errors.required('spec.accessModes', 'at least 1 access mode is required');
  for (const mode of modes ?? []) errors.oneOf('spec.accessModes', mode, Object.keys(shortModes));
  if (!resources?.storage) errors.required(`${path}[storage]`);
  else if (parseQuantity(resources.storage) <= 0) {
    errors.invalid(`${path}[storage]`, resources.storage, 'must be greater than zero');
  }
}
