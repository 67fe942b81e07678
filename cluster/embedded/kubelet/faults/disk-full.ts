import { statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotHitError } from '../../../faults/drivers/driver.ts';
import { podFolder } from '../volumes/folders.ts';
import type { StartEffect } from './effect.ts';

const lookMs = 250;

/** Where the preload of a pod's containers (mounts/preload/disk-full.cjs) looks whether its volumes are full, and counts what it refuses. */
export function diskFullFile(home: string, podUid: string): string {
  return join(podFolder(home, podUid), 'disk-full');
}

/**
 * What the programs of Node in the pod write to its volumes fails with ENOSPC, and what SQLite would let its files grow by with SQLITE_FULL.
 * The file says until when: each program ends it by itself.
 */
export const diskFull: StartEffect<{ type: 'disk-full' }> = (_effect, { pod, home, remainingMs, tell }) => {
  const file = diskFullFile(home, pod.metadata.uid!);
  const refused = `${file}.refused`;
  let hasBegun = false;
  const look = () => {
    if (hasBegun) tell({ failed: sizeOf(refused) });
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  return {
    async onContainer({ container: { name, volumeMounts = [] }, isNative }) {
      if (!volumeMounts.some(({ readOnly }) => !readOnly)) return;
      if (isNative) throw new CannotHitError(`${name} is no program of Node: what it writes cannot be refused here`);
      await mkdir(podFolder(home, pod.metadata.uid!), { recursive: true });
      // The monotonic clock, which all processes of the machine share.
      await writeFile(file, String(Number(process.hrtime.bigint() / 1_000_000n) + Math.ceil(remainingMs())));
      hasBegun = true;
      look();
    },
    async end() {
      clearInterval(timer);
      await rm(file, { force: true });
      look();
      await rm(refused, { force: true });
    },
  };
};

/** A byte for each write that was refused. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
