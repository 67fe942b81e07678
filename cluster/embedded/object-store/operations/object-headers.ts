import type { Checksum } from '../checksums.ts';
import type { StoredObject } from '../records.ts';

export function checksumHeader(checksum: Checksum | null): Record<string, string> {
  return checksum
    ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' }
    : {};
}

export function objectHeaders({ headers, etag, modified }: StoredObject): Record<string, string> {
  const validators = { etag: `"${etag}"`, 'last-modified': new Date(modified).toUTCString() };
  return { ...headers, ...validators, 'accept-ranges': 'bytes' };
}
