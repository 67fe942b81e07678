import { useSyncExternalStore } from 'react';

/** Server's clock minus this browser's, in ms. The smallest delay seen gives the best estimate. */
let offset = Number.NEGATIVE_INFINITY;

/** Each frame says the server's time; a frame that was late on its way must not set the clock back. */
export function noteServerTime(time: number): void {
  offset = Math.max(offset, time - Date.now());
}

/** Now, by the server's clock, in unix ms. */
export function serverNow(): number {
  return Date.now() + (Number.isFinite(offset) ? offset : 0);
}

const TICK = 250;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Whole seconds until a moment of the server's clock, counting down; 0 once it has passed. */
export function useSecondsUntil(moment: number): number {
  const read = () => Math.max(0, Math.ceil((moment - serverNow()) / 1000));
  return useSyncExternalStore(subscribe, read, () => 0);
}
