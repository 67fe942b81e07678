import { createHmac, randomBytes } from 'node:crypto';
import type { Manifest } from '../../cluster/client/apply.ts';

/** Of this process alone: nobody can try out values against what is shown. */
const key = randomBytes(32);

type Values = Record<string, unknown>;

/** A manifest as it may be shown: of a Secret's values no more than that they are there, and that one differs from another. */
export function masked(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Secret') return manifest;
  const { data, stringData, ...rest } = manifest as Manifest & { data?: Values; stringData?: Values };
  const shown: Values = {};
  if (data) shown['data'] = maskedValues(data);
  if (stringData) shown['stringData'] = maskedValues(stringData);
  return { ...rest, ...shown } as Manifest;
}

function maskedValues(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `(hidden, ${fingerprint(value)})`]));
}

function fingerprint(value: unknown): string {
  return createHmac('sha256', key).update(String(value)).digest('hex').slice(0, 8);
}
