import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import { isConflict, isDiskFull, isNotFound } from '../reconcile/api-errors.ts';

/** Brings a pod's status to the API: what changes within a few ms is one write, and what has not changed is none. */
export interface StatusWriter {
  /** The status may have changed. */
  touch(): void;
  /** The API has this status: where somebody else wrote it (as for a node that was taken for lost), ours is written again. */
  observe(status: Pod['status']): void;
  /** Resolves when the status as it is now is written. */
  flush(): Promise<void>;
}

const coalesceMs = 10;
const retryMs = 500;

/** @param current the pod with its status as it is now */
export function statusWriter(api: Api, current: () => Pod): StatusWriter {
  let written: Pod['status'];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const pod = current();
    if (isDeepStrictEqual(pod.status, written)) return;
    const { name, namespace, uid } = pod.metadata;
    try {
      // Without resourceVersion: nobody but this kubelet says how the pod is. With uid: only of this very pod.
      await api.updateStatus('Pod', { ...pod, metadata: { name, namespace, uid } });
      written = pod.status;
    } catch (error) {
      // Force-deleted; a namesake may have taken its place.
      if (isNotFound(error) || isConflict(error)) return;
      console.error(
        `status of pod ${namespace}/${name} could not be written, trying again in ${retryMs} ms:`,
        isDiskFull(error) ? error.message : error,
      );
      schedule(retryMs);
    }
  }

  function schedule(milliseconds: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(write);
    }, milliseconds);
  }

  return {
    touch: () => schedule(coalesceMs),
    observe(status) {
      if (written === undefined || isDeepStrictEqual(status, written)) return;
      written = status;
      schedule(coalesceMs);
    },
    flush() {
      if (timer) clearTimeout(timer);
      timer = null;
      writing = writing.then(write);
      return writing;
    },
  };
}
