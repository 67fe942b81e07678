import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

const mebibyte = 2 ** 20;

/** With less than this left a disk counts as full, in MB: it is what PostgreSQL takes for its log in one go. */
const FULL_BELOW_MB = 16;

/** What is free to us on the disk that a folder is on, or would be if it were made; whole MB, without end where no disk is behind it. */
export function freeMB(folder: string): number {
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  const { bavail, bsize, blocks } = statfsSync(there);
  if (blocks === 0) return Infinity; // /proc, say
  return Math.floor((bavail * bsize) / mebibyte);
}

/** Null while there is space, else what to say: which disk, how much is left, and what to do. */
export function fullDisk(folder: string, free = freeMB(folder)): string | null {
  if (free >= FULL_BELOW_MB) return null;
  return `The disk of ${folder} is full: ${free} MB are free. Free some space there; everything goes on by itself then.`;
}
