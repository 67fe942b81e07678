import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { Pod } from '../kinds/types.ts';
import { isConflict, isDiskFull, isNotFound } from '../reconcile/api-errors.ts';

/** Brings a pod's status to the API: what changes within a few ms is one write, and what has not changed is none. */
export interface StatusWriter {
  /** The status may have changed, or somebody else has written it (as for a node that was taken for lost). */
  touch(): void;
  /** Resolves when the status as it is now is written. */
  flush(): Promise<void>;
  /** Writes no more: the pod stays as the API has it. */
  close(): void;
}

const coalesceMs = 10;
const retryMs = 500;

/** @param statusOf the status as it is now, on top of what the API has: what others have said of the pod stays */
export function statusWriter(api: Api, { metadata }: Pod, statusOf: (latest: Pod) => Pod['status']): StatusWriter {
  const { name, namespace, uid } = metadata;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  async function write(): Promise<void> {
    if (closed) return;
    try {
      const latest = await api.get('Pod', name, namespace);
      // A namesake has taken its place.
      if (latest.metadata.uid !== uid) return;
      const status = statusOf(latest);
      if (isDeepStrictEqual(status, latest.status)) return;
      const { resourceVersion } = latest.metadata;
      await api.updateStatus('Pod', { ...latest, metadata: { name, namespace, uid, resourceVersion }, status });
    } catch (error) {
      // Force-deleted.
      if (isNotFound(error)) return;
      // Somebody has written in between: once more on top of that.
      if (isConflict(error)) return schedule(coalesceMs);
      console.error(
        `status of pod ${namespace}/${name} could not be written, trying again in ${retryMs} ms:`,
        isDiskFull(error) ? error.message : error,
      );
      schedule(retryMs);
    }
  }

  function schedule(milliseconds: number): void {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(write);
    }, milliseconds);
  }

  return {
    touch: () => schedule(coalesceMs),
    flush() {
      if (timer) clearTimeout(timer);
      timer = null;
      writing = writing.then(write);
      return writing;
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
