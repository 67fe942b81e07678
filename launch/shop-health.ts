import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until the shop accepts orders, by the lab server's own health.
 *
 * @param url of the lab server
 * @returns whether it did before the time was up or the signal came
 */
export async function shopAcceptsOrders(url: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end && !signal.aborted) {
    if ((await status(`${url}/healthz`)) === 200) return true;
    await delay(50, undefined, { ref: false });
  }
  return false;
}

/** 0 while nothing answers: the lab server may be on its way, or back again. */
function status(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}
