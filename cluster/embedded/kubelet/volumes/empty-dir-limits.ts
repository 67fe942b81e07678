import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from '../../kinds/types.ts';
import { wholeValue } from '../../quantity.ts';
import { podVolumeFolder } from './folders.ts';

/** How often a kubelet's eviction manager looks is 10 s; here somebody is waiting to see it. */
const intervalMs = 2_000;
/** Of one processor, what looking may take at most: a folder of a million files is looked at less often. */
const share = 0.05;
/** What `du` counts in. */
const blockBytes = 512;

/** Looks after the emptyDir volumes of a node's pods that have a sizeLimit. */
export interface EmptyDirLimits {
  /** From now on, until it is forgotten or has been evicted: `evict` is called once, with the reason in the kubelet's words. */
  watch(pod: Pod, evict: (message: string) => void): void;
  forget(uid: string): void;
  close(): void;
}

/** @param home BREAKWATER_HOME, absolute */
export function startEmptyDirLimits(home: string): EmptyDirLimits {
  const watched = new Map<string, { pod: Pod; evict: (message: string) => void }>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function lookIn(ms: number): void {
    timer = setTimeout(() => void look(), ms).unref();
  }

  async function look(): Promise<void> {
    const since = performance.now();
    for (const [uid, { pod, evict }] of watched) {
      const message = await exceeded(home, pod);
      if (message === null || !watched.delete(uid)) continue;
      evict(message);
    }
    timer = undefined;
    const took = performance.now() - since;
    if (watched.size > 0 && !isClosed) lookIn(Math.max(intervalMs, took / share));
  }

  return {
    watch(pod, evict) {
      if (limitsOf(pod).length === 0) return;
      watched.set(pod.metadata.uid!, { pod, evict });
      if (timer === undefined) lookIn(intervalMs);
    },
    forget: (uid) => void watched.delete(uid),
    close() {
      isClosed = true;
      clearTimeout(timer);
      watched.clear();
    },
  };
}

/** Why a pod is to be evicted, in the kubelet's words; null while its volumes are within their limits. */
export async function exceeded(home: string, pod: Pod): Promise<string | null> {
  for (const { name, sizeLimit } of limitsOf(pod)) {
    const usage = await usageOf(podVolumeFolder(home, pod.metadata.uid!, name));
    if (usage > wholeValue(sizeLimit)) return `Usage of EmptyDir volume "${name}" exceeds the limit "${sizeLimit}". `;
  }
  return null;
}

function limitsOf({ spec }: Pod): { name: string; sizeLimit: string }[] {
  return (spec?.volumes ?? []).flatMap(({ name, emptyDir }) => {
    const { sizeLimit } = emptyDir ?? {};
    return sizeLimit && wholeValue(sizeLimit) > 0 ? [{ name, sizeLimit }] : [];
  });
}

/** What is on the disk below a folder, in bytes, as `du` counts it; what has just gone counts nothing. */
async function usageOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    bytes += ((await lstat(path).catch(() => null))?.blocks ?? 0) * blockBytes;
    if (entry.isDirectory()) bytes += await usageOf(path);
  }
  return bytes;
}
