import { setTimeout as delay } from 'node:timers/promises';

/** Asks until there is an answer. Rejects with what was last wrong when that takes too long. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let last: unknown; ;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`, { cause: last });
    await delay(20);
  }
}
