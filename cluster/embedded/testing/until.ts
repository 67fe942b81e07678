import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition: resolves with the first answer that is neither false, null nor undefined. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  seconds = 60,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await delay(25);
  }
}
