import { LONGEST_TIMEOUT } from '../network/longest-timeout.ts';

/** Resolves after a time, or as soon as the signal aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, LONGEST_TIMEOUT));
    signal?.addEventListener('abort', end);
  });
}
